"""The glossaries of clients, within one transaction."""

import hashlib
import time
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from pipeline.glossary.terms import Term
from service.errors import GlossaryNotFound
from service.storage.tables import Glossary


class Glossaries:
    """The glossaries of all clients."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def heads(self, client: str, names: Sequence[str] | None = None) -> Sequence[Glossary]:
        """A client's glossaries without their terms, by name; of these names alone if some are given."""
        statement = select(Glossary).where(Glossary.client == client).order_by(Glossary.name)
        if names is not None:
            statement = statement.where(Glossary.name.in_(names))
        return self._session.scalars(statement.options(defer(Glossary.terms))).all()

    def get(self, client: str, name: str) -> Glossary:
        """A glossary; GlossaryNotFound."""
        found = self._session.scalar(
            select(Glossary).where(Glossary.client == client, Glossary.name == name)
        )
        if found is None:
            raise GlossaryNotFound
        return found

    def put(
        self, client: str, name: str, languages: tuple[str, str], terms: Sequence[Term]
    ) -> Glossary:
        """Keep a glossary in the place of the one before, if there is one."""
        rows = [term.model_dump(exclude_defaults=True) for term in terms]
        digest = hashlib.sha256(repr((languages, rows)).encode()).hexdigest()
        values = {
            "source_language": languages[0],
            "target_language": languages[1],
            "version": digest[:16],
            "count": len(rows),
            "terms": rows,
            "updated_at": time.time(),
        }
        dialect = self._session.get_bind().dialect.name
        statement = (sqlite if dialect == "sqlite" else postgresql).insert(Glossary)
        self._session.execute(
            statement.values(client=client, name=name, **values).on_conflict_do_update(
                index_elements=["client", "name"], set_=values
            )
        )
        return self.get(client, name)

    def delete(self, client: str, name: str) -> None:
        """Delete a glossary; GlossaryNotFound."""
        statement = delete(Glossary).where(Glossary.client == client, Glossary.name == name)
        if not self._session.execute(statement.returning(Glossary.id)).all():
            raise GlossaryNotFound


def terms_of(glossary: Glossary) -> list[Term]:
    """The terms of a glossary, in order."""
    return [Term.model_validate(row) for row in glossary.terms]
