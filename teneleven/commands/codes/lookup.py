"""Shows a code, block or chapter."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, DATE, RELEASE, SYSTEM
from teneleven.commands.output import print_json
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.claims.lookups.code_edits import described
from terminology.errors import CodeNotValidError, DataNotAvailableError, UnknownCodeError
from terminology.release_words import release_words, span


@click.command()
@click.argument("code")
@SYSTEM
@RELEASE
@DATE
@BUNDLE
@AS_JSON
def lookup(
    code: str, system: str | None, release: str | None, on: date | None, bundle: Path, as_json: bool
) -> None:
    """Show a code, block or chapter."""
    with open_store(bundle) as store:
        concept = _find(store, code, system, release, on)
        if as_json:
            print_json(described(store, concept))
        else:
            _print_concept(store, concept)


def _find(store: Store, code: str, system: str | None, release: str | None, on: date | None) -> ConceptRecord:
    """Find a code in the system named, else in the first system that has it.

    Where none has it, what is said of a code that is known but not in use on the day comes first.
    """
    if system is not None:
        return store.concept(system, code, release, on)
    missed: UnknownCodeError | None = None
    for each in store.systems():
        try:
            return store.concept(each, code, release, on)
        except UnknownCodeError as error:
            known = isinstance(error, CodeNotValidError) and not isinstance(missed, CodeNotValidError)
            missed = error if known or missed is None else missed
    if missed is None:
        raise DataNotAvailableError("the bundle holds no code system; run 'teneleven build'")
    raise missed


def _print_concept(store: Store, concept: ConceptRecord) -> None:
    flags = concept.kind if concept.billable is None else ("billable" if concept.billable else "not billable")
    click.echo(f"{click.style(concept.code, bold=True)}  {concept.title}")
    valid = span(concept.valid_from, concept.valid_to) if concept.life else "(no dates known)"
    click.echo(f"  {concept.system} {release_words(concept.release)}, {flags}, valid {valid}")
    for notice in concept.notices:
        click.echo(f"  note: {notice}")
    for depth, step in enumerate(concept.path):
        click.echo(f"  {'  ' * depth}{step.code}  {step.title}")
    for period in concept.life:
        flag = "" if period.billable is None else (", billable" if period.billable else ", not billable")
        lived = span(period.start, period.end, known=period.start_known)
        click.echo(f"  life: {lived}{flag} ({period.source})")
    for kind, texts in concept.notes.items():
        click.echo(f"  {kind.replace('_', ' ')}:")
        for text in texts:
            click.echo(f"    {text}")
    for (origin, kind), notes in groupby(concept.inherited_notes, key=lambda n: (n.origin, n.kind)):
        click.echo(f"  {kind.replace('_', ' ')}, from {origin}:")
        for note in notes:
            click.echo(f"    {note.text}")
    if concept.seventh_characters:
        click.echo("  7th characters:")
        for seventh in concept.seventh_characters:
            click.echo(f"    {seventh.character}  {seventh.meaning}")
    if concept.synonyms:
        click.echo("  also:")
        for synonym in concept.synonyms[:10]:
            click.echo(f"    {synonym.text}  ({synonym.source})")
    for child in store.children(concept, limit=100).items:
        click.echo(f"  > {child.code}  {child.title}")
