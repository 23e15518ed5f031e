"""Commands as this program has them: examples in the help, imported when asked for, typos told."""

from __future__ import annotations

import os
import re
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from router.cli.failure import Exit, failure

if TYPE_CHECKING:
    from collections.abc import Mapping


_NEGATED = re.compile(r'-(?:[a-z]+:|")')
"""A term of a query that must not match; no option looks like it."""


class Lazy(NamedTuple):
    """Where a command is (`module:attribute`), and what the list of commands says of it."""

    where: str
    short: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.where.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


class Command(click.Command):
    """A command whose help shows `examples` before its options."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the options."""
        write_examples(self.examples, formatter)
        super().format_options(ctx, formatter)


class QueryCommand(Command):
    """A command that takes a query, whose terms may begin with a minus: `-dest:hook`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the terms where nothing is read as an option."""
        terms = [] if "--" in args else [word for word in args if _NEGATED.match(word)]
        if terms:
            args = [*(word for word in args if word not in terms), "--", *terms]
        return super().parse_args(ctx, args)


class Group(click.Group):
    """A group of commands of which only the one that is asked for gets imported."""

    def __init__(
        self, *args: Any, lazy: Mapping[str, Lazy] | None = None, examples: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy or {})
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the table."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        if cmd_name in self.lazy:
            return self.lazy[cmd_name].load()
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was likely meant."""
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            near = get_close_matches(args[0], known, n=1, cutoff=0.5)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, the options, then the commands."""
        write_examples(self.examples, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.short) for name, lazy in self.lazy.items()])


class Program(Group):
    """The outermost group: what goes wrong inside becomes one sentence and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; what the shell closed (`>&-`) leads nowhere."""
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:
                nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - till the end
                setattr(sys, name, nowhere)
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # of the help itself: commands have told theirs
            failed = failure(error)
            failed.show()
            sys.exit(failed.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; interrupted, leave with 130."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            ctx.exit(Exit.INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            raise failure(error) from error


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Write the examples of a command, one a line, as they stand."""
    if examples:
        with formatter.section("Examples"):
            for line in examples.strip().splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")
