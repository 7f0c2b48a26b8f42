"""patterns  tokens → the groups and triples of a query: enough of its grammar to judge how it hangs together."""

from __future__ import annotations

from collections.abc import Sequence

from spacekg.guard import Cursor, Token
from spacekg.linting.groups import Group, Part, Triple, names

NESTING = ("OPTIONAL", "MINUS", "LATERAL", "GRAPH")
EXPRESSIONS = ("FILTER", "BIND", "VALUES")
NODES = frozenset({"iri", "name", "variable", "blank", "string", "number"})
BETWEEN, AFTER, BEFORE = ("/", "|"), ("*", "+", "?"), ("^", "!")


class UnreadableError(Exception):
    """The tokens are not what this reader knows; the parser of the engine will say what is wrong, if anything."""


def read(tokens: Sequence[Token], first: int) -> Group:
    """Read the group whose opening brace is the token with the index `first`.

    Raises:
        UnreadableError: it is no group that this reader knows.
    """
    try:
        return _Reader(tokens, first).group()
    except (IndexError, RecursionError):
        raise UnreadableError from None


class _Reader(Cursor):
    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        super().__init__(tokens, at)
        self._made = 0

    def group(self) -> Group:
        self._take()
        if self._next.word == "SELECT":
            return Group([self._sub_select()])
        group = Group()
        while self._next.text != "}":
            if self._next.text == ".":
                self._take()
            else:
                group.parts += self._parts()
        self._take()
        return group

    def _sub_select(self) -> Part:
        start = self._take()
        projection = self._until("{")
        inner = self.group()
        self._until("}")
        self._take()
        projected = names(projection)
        return Part("SELECT", start, projected or inner.names, groups=[inner])

    def _until(self, text: str) -> list[Token]:
        """Take the tokens before a text that stands outside all brackets."""
        taken: list[Token] = []
        while self._next.text != text:
            taken += self._bracketed() if self._next.kind == "open" else [self._take()]
        return taken

    def _bracketed(self) -> list[Token]:
        """Take what stands between two brackets that belong together, and them."""
        depth, first = 0, self._at
        while True:
            token = self._take()
            depth += (token.kind == "open") - (token.kind == "close")
            if not depth:
                return list(self._tokens[first : self._at])

    def _parts(self) -> list[Part]:
        if self._next.word in NESTING:
            return [self._nested()]
        if self._next.word in EXPRESSIONS:
            return [self._expression()]
        if self._next.text == "{":
            return [self._union()]
        return self._statement()

    def _nested(self) -> Part:
        word = self._take()
        graph = self._take() if word.word == "GRAPH" else None
        if self._next.text != "{":
            raise UnreadableError
        inner = self.group()
        return Part(word.word, word, inner.names | names([graph] if graph else []), graph=graph, groups=[inner])

    def _union(self) -> Part:
        start = self._next
        groups = [self.group()]
        while self._next.word == "UNION":
            self._take()
            groups.append(self.group())
        return Part("{", start, frozenset().union(*(group.names for group in groups)), groups=groups)

    def _expression(self) -> Part:
        word = self._take()
        taken: list[Token] = []
        groups: list[Group] = []
        while self._next.text not in ("(", "{"):
            taken.append(self._take())
        if taken and taken[-1].word == "EXISTS":
            groups.append(self.group())
            return Part("FILTER", word, groups[0].names, groups=groups)
        taken += self._bracketed()
        if word.word == "VALUES" and taken[-1].text == ")":
            taken += self._bracketed()
        return Part(word.word, word, names(taken))

    def _statement(self) -> list[Part]:
        """Read triples up to the end of their statement."""
        found: list[Part] = []
        subject = self._node(found)
        if self._next.text not in (".", "}") or not found:
            self._properties(subject, found)
        return found

    def _properties(self, subject: Token, found: list[Part]) -> None:
        while True:
            verb = self._path()
            self._values(subject, verb, found)
            while self._next.text == ";":
                self._take()
            if self._next.kind not in ("iri", "name", "variable") and self._next.text not in ("a", "(", *BEFORE):
                return
            if self._tokens[self._at - 1].text != ";":
                return

    def _values(self, subject: Token, verb: tuple[Token, ...], found: list[Part]) -> None:
        while True:
            start = self._next
            value = self._node(found)
            triple = Triple(subject, verb, value)
            at = subject if subject.text and not subject.text.startswith("[") else start
            found.append(Part("triple", at, triple.names, triple))
            if self._next.text == "{":  # an annotation, as SPARQL 1.2 has them
                if self._tokens[self._at + 1].text not in ("|", "||"):
                    return
                self._bracketed()
            if self._next.text != ",":
                return
            self._take()

    def _path(self) -> tuple[Token, ...]:
        taken: list[Token] = []
        while True:
            while self._next.text in BEFORE:
                taken.append(self._take())
            if self._next.text == "(":
                taken += self._bracketed()
            elif self._next.kind in ("iri", "name", "variable") or self._next.text == "a":
                taken.append(self._take())
            else:
                raise UnreadableError
            while self._next.text in AFTER:
                taken.append(self._take())
            if self._next.text not in BETWEEN:
                return tuple(taken)
            taken.append(self._take())

    def _node(self, found: list[Part]) -> Token:
        """Read a term, or the triples of a node in brackets, for which a blank node of its own is made."""
        if self._next.text == "[":
            return self._anonymous(found)
        if self._next.text == "(":
            return self._list(found)
        if self._next.kind in NODES or self._next.word in ("TRUE", "FALSE"):
            token = self._take()
            self._suffix()
            return token
        if self._next.text in ("+", "-"):
            self._take()
            return self._take()
        raise UnreadableError

    def _suffix(self) -> None:
        """Skip the language or the datatype of a literal."""
        if self._next.kind == "tag":
            self._take()
            while self._next.text == "-":  # a direction, as SPARQL 1.2 has them
                self._take()
                if self._next.kind == "word":
                    self._take()
        elif self._next.text == "^^":
            self._take()
            self._take()

    def _anonymous(self, found: list[Part]) -> Token:
        node = self._blank(self._take())
        if self._next.text != "]":
            self._properties(node, found)
        if self._take().text != "]":
            raise UnreadableError
        return node

    def _list(self, found: list[Part]) -> Token:
        node = self._blank(self._take())
        while self._next.text != ")":
            start = self._next
            value = self._node(found)
            triple = Triple(node, (), value)
            found.append(Part("triple", start, triple.names, triple))
        self._take()
        return node

    def _blank(self, opening: Token) -> Token:
        self._made += 1
        return Token("blank", f"{opening.text}{self._made}", opening.start)
