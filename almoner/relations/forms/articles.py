"""What an officer types into an article, and who reviews it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.access.rules import Role
from almoner.ground.forms import TypedDate
from almoner.relations.actions import Draft
from almoner.relations.queries.wording import DESKS, KINDS, LANGUAGES, ROLES

_LONGEST, _LONGEST_PASSAGE = 20_000, 1600


class Article(forms.Form):
    """The words of an article in one language."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(
        label=_("What an officer should know"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    passage = forms.CharField(
        label=_("What a patient can be told"),
        required=False,
        max_length=_LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def draft(self, language: str) -> Draft:
        said = self.cleaned_data
        return Draft(
            language=language, title=said["title"], body=said["body"], passage=said["passage"]
        )


class NewArticle(Article):
    """An article with what it is about and who reads it; nobody ticked is everybody."""

    language = forms.ChoiceField(label=_("Language"), choices=[*LANGUAGES.items()])
    kind = forms.ChoiceField(
        label=_("Kind of case"), choices=[("", _("Any")), *KINDS.items()], required=False
    )
    desk = forms.ChoiceField(
        label=_("Desk"), choices=[("", _("Any")), *DESKS.items()], required=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Only for"),
        choices=[(role.value, ROLES[role]) for role in Role if role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class Publishing(forms.Form):
    """Until when the words are good; ``seen`` is when those that were read had been written."""

    review_on = TypedDate(label=_("To be looked over on"))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
