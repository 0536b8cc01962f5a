"""What this duty offers to those below it: the way to change a visit, for the texts."""

from almoner.portal import actions
from almoner.relations import actions as relations

relations.changed_at(actions.link_for)
