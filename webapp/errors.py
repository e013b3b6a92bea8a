"""The tree of refusals: every way Slate says no.

    Refusal                    a sentence a person can act on; `status` is its HTTP face, `code` its stable API word
    ├── NotFound               404  it is not there, or this person may not know that it is
    │   ├── LinkUnknown             no review link has this address (any more)
    │   └── LinkNeeded              a guest without a cookie: the review link has to be opened again
    ├── LinkClosed             410  a review link was revoked, has expired or got a new address
    ├── NameNeeded             401  a review link for named people: first say which one
    ├── Forbidden              403  they may see it but not do this
    ├── SignInNeeded           401  nobody is signed in
    │   └── KeyRefused              an API key that does not work (any more)
    ├── Malformed              400  a request that cannot be read at all
    ├── WrongMediaType         415  a body of a kind that is not taken here
    ├── Invalid                422  fields to correct, `fields` says which and why
    │   └── TooLarge           413  over a limit
    ├── Conflict               409  the state forbids it
    │   ├── StoryboardFrozen        the storyboard is approved or rejected; reopen it first
    │   ├── StoryboardArchived      the storyboard is in the archive; bring it back first
    │   ├── StaleVersion            somebody else changed it in between
    │   │   └── StaleBoard          the storyboard is not the one that was looked at
    │   └── InUse                   something else still needs it
    │       └── StillDecided        a client whose storyboards people decided on
    ├── DiskFull               507  there is no room to write, or hardly any
    ├── Damaged                503  bytes or a database are not what Slate wrote, or cannot be read
    ├── VersionNeeded          428  a decision has to name the storyboard it is about
    ├── TooMany                429  `retry_after` seconds until it is worth trying again
    ├── Busy                   503  so does this one: as much of this is going on as the server can carry
    └── UpstreamFailed         502  a model, an asset host or another machine failed
        ├── DeliveryFailed          a mail or a webhook's message did not arrive
        ├── FetchRefused            a URL we will not or could not fetch
        │   ├── FetchTooLarge      413  what is there is larger than one file may be
        │   └── FetchUnusable      422  what is there is no file that Slate takes
        └── WriterError             a writer failed; `permanent` says whether trying again can help

This module imports nothing of Slate.
"""

from __future__ import annotations


class Refusal(Exception):
    """Say no with a sentence a person can act on; `hint` is the next step, when there is one."""

    status = 400
    code = "refused"
    title = "That did not work"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFound(Refusal):
    """Say that a thing is not there, or that this person may not know that it is."""

    status = 404
    code = "not_found"
    title = "Not found"

    def __init__(self, message: str = "There is nothing here.", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class LinkUnknown(NotFound):
    """Say that no review link has this address; whether one ever had cannot be said, since only hashes are kept."""

    title = "This link does not work"

    def __init__(self) -> None:
        super().__init__(
            "Part of it is missing, or it was replaced by a newer one.",
            hint="Copy all of it from the message, or ask whoever sent it for a new one.",
        )


class LinkNeeded(NotFound):
    """Say that a guest has to open their review link again: this browser does not know them."""

    title = "Please open your link again"

    def __init__(self) -> None:
        super().__init__(
            "This browser does not know you yet.",
            hint="Open the link in the message you were sent. It brings you back here.",
        )


class LinkClosed(Refusal):
    """Say that a review link is over: revoked, expired, or its address or password was changed."""

    status = 410
    code = "gone"
    title = "This link was closed"

    def __init__(
        self,
        message: str = "It does not lead anywhere any more.",
        *,
        hint: str = "Ask whoever sent it for a new one.",
    ) -> None:
        super().__init__(message, hint=hint)


class NameNeeded(Refusal):
    """Say that a guest has to say which of the named reviewers they are; `link_id` says of which link."""

    status = 401
    code = "name_needed"
    title = "Who are you?"

    def __init__(self, link_id: str) -> None:
        super().__init__("Say who you are first.")
        self.link_id = link_id


class Forbidden(Refusal):
    """Say that this person may see the thing but not do this to it."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class SignInNeeded(Refusal):
    """Say that somebody has to sign in first."""

    status = 401
    code = "unauthorized"
    title = "Sign in"

    def __init__(self, message: str = "Sign in to go on.", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class KeyRefused(SignInNeeded):
    """Say that an API key is unknown, revoked or expired."""

    title = "This API key does not work"


class Malformed(Refusal):
    """Say that a request cannot be read at all, such as JSON with a bracket missing."""

    status = 400
    code = "malformed"
    title = "This could not be read"


class WrongMediaType(Refusal):
    """Say that a body is of a kind that is not taken here, and which kind is."""

    status = 415
    code = "unsupported_media_type"
    title = "Not in this format"


class Invalid(Refusal):
    """Say which fields to correct: `fields` maps a field's name to its sentence."""

    status = 422
    code = "validation_failed"
    title = "Please check the form"

    def __init__(
        self, message: str = "Some fields need another look.", *, fields: dict[str, str] | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.fields = fields or {}


class TooLarge(Invalid):
    """Say that something is over a limit, and what the limit is."""

    status = 413
    code = "too_large"
    title = "Too large"


class Conflict(Refusal):
    """Say that the state of things forbids this, and which state it is."""

    status = 409
    code = "conflict"
    title = "Not possible right now"


class StoryboardFrozen(Conflict):
    """Say that an approved or rejected storyboard does not change until it is reopened."""

    def __init__(self, decision: str = "approved") -> None:
        super().__init__(f"This storyboard is {decision} and frozen.", hint="Reopen it to make changes.")


class StoryboardArchived(Conflict):
    """Say that an archived storyboard can be read, not changed or talked about."""

    def __init__(self) -> None:
        super().__init__("This storyboard is archived.", hint="An editor can bring it back from the archive.")


class StaleVersion(Conflict):
    """Say that somebody else changed the thing in between; `current` is how a program would read it now."""

    current: object = None


class StaleBoard(StaleVersion):
    """Say that a storyboard is not the one that was looked at: `content_hash` is the present one's.

    `changed` maps the ids of the scenes that say something else to their numbers; `is_known` is false where Slate does
    not know what was looked at, so that any of them may. `deleted` counts scenes that are gone.
    """

    def __init__(  # noqa: PLR0913 - a board changes in so many ways
        self,
        message: str,
        *,
        hint: str,
        content_hash: str,
        changed: dict[str, int] | None = None,
        deleted: int = 0,
        is_reordered: bool = False,
        is_reformatted: bool = False,
        is_known: bool = True,
    ) -> None:
        super().__init__(message, hint=hint)
        self.content_hash = content_hash
        self.changed = changed or {}
        self.deleted = deleted
        self.is_reordered = is_reordered
        self.is_reformatted = is_reformatted
        self.is_known = is_known


class InUse(Conflict):
    """Say that something else still needs the thing, and name what."""


class StillDecided(InUse):
    """Say that a client stays, since people decided on so many of its storyboards."""

    def __init__(self, count: int) -> None:
        many = f"{count} storyboards that were decided on, and their records have"
        one = "1 storyboard that was decided on, and its record has"
        super().__init__(
            f"This client has {one if count == 1 else many} to stay.",
            hint="Archive the client instead. An admin can purge the record of a storyboard in the archive.",
        )


class DiskFull(Refusal):
    """Say that there is no room to write, or so little that it is kept in reserve."""

    status = 507
    code = "disk_full"
    title = "The disk is nearly full"

    def __init__(
        self,
        message: str = "The server's disk is full. Nothing was saved just now; what was saved before is safe.",
        *,
        hint: str = "Delete assets that are no longer needed, or ask whoever runs this Slate for more space.",
    ) -> None:
        super().__init__(message, hint=hint)


class Damaged(Refusal):
    """Say that bytes or a database cannot be read, or are not what Slate wrote: a faulty disk, another program."""

    status = 503
    code = "unavailable"
    title = "Out of order on the server"


class VersionNeeded(Refusal):
    """Say that a decision has to name the storyboard it is about; `content_hash` is the present one's."""

    status = 428
    code = "precondition_required"
    title = "Which storyboard?"
    current: object = None

    def __init__(self, content_hash: str) -> None:
        super().__init__(
            "This does not say which storyboard was looked at, so nothing was decided.",
            hint="Look at it as it is now, then decide.",
        )
        self.content_hash = content_hash


class TooMany(Refusal):
    """Say to slow down; `retry_after` is in seconds."""

    status = 429
    code = "rate_limited"
    title = "Too many tries"

    def __init__(self, message: str, *, retry_after: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Busy(Refusal):
    """Say that the server has its hands full with this; `retry_after` is in seconds."""

    status = 503
    code = "unavailable"
    title = "Busy"

    def __init__(self, message: str, *, retry_after: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class UpstreamFailed(Refusal):
    """Say that another machine failed us: a model, an asset's host."""

    status = 502
    code = "upstream_failed"
    title = "Another service failed"


class FetchRefused(UpstreamFailed):
    """Say why a URL was not fetched; `permanent` means that a retry cannot help."""

    def __init__(self, message: str, *, permanent: bool = True, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.permanent = permanent


class FetchTooLarge(FetchRefused):
    """Say that what a URL leads to is larger than one file may be."""

    status = 413
    code = "too_large"
    title = "Too large"


class FetchUnusable(FetchRefused):
    """Say that what a URL leads to is no file that Slate takes, such as a web page."""

    status = 422
    code = "validation_failed"
    title = "Not a file that Slate takes"


class DeliveryFailed(UpstreamFailed):
    """Say why a mail or a webhook's message did not arrive; `permanent` means that another try cannot help."""

    def __init__(self, message: str, *, permanent: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.permanent = permanent


class WriterError(UpstreamFailed):
    """Say that a writer failed; `retry_after` is in seconds, where the provider named it."""

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: float | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.permanent = permanent
        self.retry_after = retry_after
