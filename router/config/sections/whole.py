"""The whole file as one frozen model, and its sections that need no file of their own."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, model_validator

from router.config.digest import digest, short_key
from router.config.document import Document
from router.config.problem import Wrong
from router.config.sections.consent import Consents
from router.config.sections.destination import Destination
from router.config.sections.section import Count, DestinationName, Section, SourceName, Word
from router.config.sections.transform import Step
from router.config.values.keys import PrivacyKey
from router.config.values.server import broker_url, server_url
from router.config.values.units import Duration, Network, Size
from router.decide.policy.people import WORDS
from router.observe.lane import lane_of

MOST_PROCESSES = 8


class Queue(Section):
    """The names of the public intakes in Redis."""

    stream: Word = Field("events", description="The stream that producers XADD to.")
    list: Word = Field("events-list", description="The list that producers LPUSH to.")


class Egress(Section):
    """Where requests may go beside the public internet."""

    allow: tuple[Network, ...] = Field(
        (), description="Private networks that destinations may be in; plain http is allowed there."
    )


class Pii(Section):
    """Who may see personal data."""

    trusted: tuple[Word, ...] | None = Field(
        None,
        description="Destinations that may see personal data. For all others "
        f"{WORDS}. Default: no such line is drawn.",
    )
    free_text: Literal["search", "redact"] = Field(
        "search",
        description="What the others get of what people write (`message`, `comment`, `note`): "
        "`search` takes out what is recognised in it, and lets names and streets pass; `redact` "
        "takes all of it, and makes tokens of searches that read like a name.",
    )

    @model_validator(mode="after")
    def _draws_a_line(self) -> Self:
        if self.trusted is None and "free_text" in self.model_fields_set:
            raise Wrong("free_text means nothing without pii.trusted", "trusted: [] trusts nobody")
        return self


class Source(Section):
    """Somebody who sends events."""

    write_keys: tuple[Word, ...] = Field(
        (), repr=False, description="Write keys whose events belong to this source."
    )
    transform: tuple[Step, ...] = Field(
        (), description="How its events are reshaped, before anything is decided about them."
    )


class Announce(Section):
    """Where operators learn that a destination is held, paused or let go."""

    url: SecretStr = Field(
        description="Where news is posted as JSON, with a sentence in `text`; secret, since many a "
        "hook's path is. `egress.allow` holds for it too."
    )
    secret: SecretStr | tuple[SecretStr, ...] = Field(
        default=(), description="Signing secret, as of a webhook destination."
    )


class Dedupe(Section):
    """How repeated events are recognised, by message id and source."""

    window: Duration = Field(timedelta(hours=24), description="How long an event is remembered.")
    memory: Annotated[Size, Field(ge=1_000_000)] = Field(
        256_000_000, description="Memory for remembering; the oldest go first when it is full."
    )


def _processes() -> int:
    return min(os.cpu_count() or 1, MOST_PROCESSES)


class Worker(Section):
    """The processes that route and deliver."""

    processes: Annotated[Count, Field(le=256)] = Field(
        default_factory=_processes,
        description="Processes that `router run` starts.",
        json_schema_extra={"default_text": f"one per core, at most {MOST_PROCESSES}"},
    )
    hosting: Literal["step", "slices"] = Field(
        "step",
        description="`step`: the engine runs in a thread beside Celery; `slices`: in short Celery "
        "tasks, for prefork pools.",
    )
    lease: Annotated[Duration, Field(ge=timedelta(seconds=2), le=timedelta(minutes=10))] = Field(
        timedelta(seconds=15),
        description="How long a share stays with a worker that is no longer heard of.",
    )


class Config(Section):
    """The whole configuration; only `destinations` is required."""

    redis: Annotated[str, AfterValidator(server_url)] = Field(
        "embedded",
        repr=False,
        description="`embedded` starts a store of its own; else `redis://`, `rediss://` (TLS) or "
        "`unix://` of a server, `redis+sentinel://` or `redis+cluster://`, as "
        "[stores.md](stores.md) says.",
    )
    data: Path = Field(
        Path("router-data"),
        description="Folder of the embedded store; relative to the configuration file.",
    )
    broker: Annotated[Word, AfterValidator(broker_url)] | None = Field(
        None,
        repr=False,
        description="Where Celery's messages go; default: another database of the same Redis.",
    )
    privacy_key: PrivacyKey | None = Field(
        None,
        description="Key of tokens and hashed ids, the same on every host. Required with a "
        "server; the embedded store makes `secret.key` in its folder.",
    )
    queue: Queue = Field(Queue(), description="The names of the public intakes.")
    shards: Annotated[Count, Field(le=1024)] = Field(
        8, description="Shares of the users; fixed when a store is first used."
    )
    egress: Egress = Field(Egress(), description="Where requests may go.")
    pii: Pii = Field(Pii(), description="Who may see personal data.")
    sources: dict[SourceName, Source] = Field({}, description="Who sends events, by name.")
    consent: Consents = Field(Consents(), description="What events may say about consent.")
    announce: Announce | None = Field(None, description="Where news of holds is posted.")
    dedupe: Dedupe = Field(Dedupe(), description="How repeated events are recognised.")
    dictionary: Literal["learned", "shipped"] = Field(
        "learned",
        description="What entries are packed with. `learned` makes it from keys and values that "
        "many users' events have in common (slices use what others learned); `shipped` keeps to "
        "the one in the package.",
    )
    worker: Worker = Field(default_factory=Worker, description="Processes and their leases.")
    destinations: dict[DestinationName, Destination] = Field(
        min_length=1, description="Where events go, by name; in this order everywhere."
    )

    _document: Document | None = PrivateAttr(None)

    @property
    def document(self) -> Document | None:
        """The file that this was read from, for the lines of findings."""
        return self._document

    @property
    def lanes(self) -> list[str]:
        """The lanes of all destinations, in their order."""
        return [lane_of(name, each.type) for name, each in self.destinations.items()]

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change when the configuration means something else.

        What may differ from host to host does not count: the store's address, the data folder,
        the number of processes and how they are hosted.
        """
        key = short_key(self.privacy_key)
        here = ("redis", "broker", "data", "worker")
        return digest(self, key, leave_out=here)

    def bind(self, document: Document) -> None:
        """Tell the configuration which file it came from; `load` does."""
        self._document = document
