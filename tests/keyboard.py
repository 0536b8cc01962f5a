"""What of a page only a mouse gets to, and what Tab leaves out."""

from playwright.sync_api import Page

BY_MOUSE = """() => {
    const reached = `a[href], area[href], button, summary, label, input, select, textarea, option,
        video[controls], dialog, [tabindex]:not([tabindex="-1"]), [aria-activedescendant] *`;
    const asks = ":is([hx-get], [hx-post], [hx-put], [hx-delete]):not(form, [hx-trigger])";
    const acts = `${asks}, [hx-trigger*=click], [data-opens], [data-closes], [role=button]`;
    const points = (e) => e.matches(acts) || getComputedStyle(e).cursor === "pointer";
    return [...document.querySelectorAll("body *")]
        .filter((e) => points(e) && e.checkVisibility() && !e.closest(reached))
        .map((e) => `no key gets to ${e.outerHTML.slice(0, 120)}`);
}"""
TABBED = """a[href], button:enabled, summary, input:enabled, select:enabled, textarea:enabled,
    [tabindex]"""
WATCHED = """(tabbed) => {
    // Of what the arrows move in, Tab comes to one, or to what lies in it.
    const reached = (e) => { for (; e; e = e.parentElement) window.__came.add(e); };
    window.__came = new Set();
    reached(document.activeElement); // the page itself began there
    document.activeElement?.blur();
    addEventListener("focusin", (e) => reached(e.target), true);
    return document.querySelectorAll(tabbed).length;
}"""
LEFT_OUT = """(tabbed) => [...document.querySelectorAll(tabbed)]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .filter((e) => !window.__came.has(e))
    .filter((e) => e.tabIndex >= 0 && e.type !== "radio" && !e.closest("dialog:not([open])"))
    .map((e) => `Tab leaves out ${e.outerHTML.slice(0, 120)}`)"""


def by_mouse_alone(page: Page) -> list[str]:
    """What answers a click, or looks as if it did, and no key can get to."""
    return page.evaluate(BY_MOUSE)


def left_out(page: Page) -> list[str]:
    """What Tab does not come to on its way through the page; also what lies behind a trap.

    Of radio buttons it comes to one.
    """
    for _press in range(page.evaluate(WATCHED, TABBED) + 3):
        page.keyboard.press("Tab")
    return page.evaluate(LEFT_OUT, TABBED)
