"""What somebody who came by a link does, and how they are led there."""

from almoner.portal.actions.letting_in import let_in, link_for
from almoner.portal.actions.reminding import remind

__all__ = ["let_in", "link_for", "remind"]
