"""The models that are in use: one supply for each entry that is chosen, and one for no choice.

A supply is made when it is first wanted. The editor is shown the status of the one that was asked
for last, and of another when the user turns to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from inglenook.engine.lane import Uses
from inglenook.engine.probing import Probing
from inglenook.engine.status import Status
from inglenook.engine.supply import Find, Supply
from inglenook.engine.typing_signal import TypingSignal


@dataclass(eq=False, slots=True)
class Supplies:
    """``finder`` makes the search for the entry of a name, "" for the best that there is.

    ``choose`` says which one is to serve a document, by its URI and language. ``signal`` is told
    of every request.
    """

    finder: Callable[[str], Find]
    choose: Callable[[str, str], str]
    tell: Callable[[Status], None]
    probing: Callable[[], Probing]
    signal: TypingSignal | None = None
    _made: dict[str, Supply] = field(default_factory=dict)
    _uses: Uses = field(default_factory=Uses)
    _shown: str = ""

    def of(self, uri: str, language: str) -> Supply:
        """The supply of a document."""
        return self.show(self.choose(uri, language))

    def named(self, name: str) -> Supply:
        """The supply of an entry; it begins to look for its model when it is first asked for."""
        supply = self._made.get(name)
        if supply is None:

            def tell(status: Status) -> None:
                if self._shown == name:
                    self.tell(status)

            supply = Supply(self.finder(name), tell, self.probing(), self.signal, uses=self._uses)
            self._made[name] = supply
            supply.start()
        return supply

    def show(self, name: str) -> Supply:
        """The supply of an entry, whose status the editor is shown from now on."""
        turned, self._shown = name != self._shown, name
        supply = self.named(name)
        if turned:
            self.tell(supply.status)
        return supply

    def shown(self) -> Supply | None:
        """The one whose status the editor is shown."""
        return self._made.get(self._shown)

    def in_use(self) -> dict[str, Supply]:
        return dict(self._made)

    def make_way(self) -> None:
        """A request is coming: probes of all models end."""
        for supply in self._made.values():
            supply.probing.make_way()

    async def renew(self, finder: Callable[[str], Find], wanted: frozenset[str]) -> None:
        """Search by other settings from now on; what is not ``wanted`` any more is closed."""
        self.finder = finder
        unwanted = []
        for name, supply in tuple(self._made.items()):
            if name in wanted or name == self._shown:
                supply.renew(finder(name))
            else:
                unwanted.append(self._made.pop(name))
        for supply in unwanted:
            await supply.close()

    async def close(self) -> None:
        made, self._made = self._made, {}
        for supply in made.values():
            await supply.close()


def only(supply: Supply) -> Supplies:
    """One supply for all documents, which its caller starts and closes."""
    alone = Supplies(lambda _: supply.find, lambda _, __: "", supply.tell, lambda: supply.probing)
    alone._made[""] = supply
    return alone
