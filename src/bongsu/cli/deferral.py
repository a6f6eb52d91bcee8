"""Commands that are imported when they are called: one that needs no library does not wait for all of them."""

from __future__ import annotations

from importlib import import_module

import click

from bongsu.cli.interruption import nothing_begun


class Deferred(click.Command):
    """A command known by its name and by what is said of it in the list of commands.

    Args:
        module: where the command is.
        name: how it is called, in the module and by the user.
        summary: the first sentence of its help; a test holds the two equal.
    """

    def __init__(self, module: str, name: str, *, summary: str) -> None:
        super().__init__(name, help=summary)
        self._module = module
        self._name = name

    def load(self) -> click.Command:
        """The command itself.

        Raises:
            TypeError: there is something else in its place.
        """
        with nothing_begun():
            command: object = getattr(import_module(self._module), self._name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._module}.{self._name} is no command")
        return command


class LazyGroup(click.Group):
    """A group that lists its commands without importing them, as click's own documentation proposes."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported; None where there is none."""
        found = super().get_command(ctx, cmd_name)
        return found.load() if isinstance(found, Deferred) else found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what is said of them here."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)
