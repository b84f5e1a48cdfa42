"""Shows a code, block or chapter."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, RELEASE, SYSTEM
from teneleven.commands.output import print_json
from terminology.bundle.payload import concept_payload
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError, UnknownCodeError


@click.command()
@click.argument("code")
@SYSTEM
@RELEASE
@BUNDLE
@AS_JSON
def lookup(code: str, system: str | None, release: str | None, bundle: Path, as_json: bool) -> None:
    """Show a code, block or chapter."""
    with open_store(bundle) as store:
        concept = _find(store, code, system, release)
        if as_json:
            print_json(concept_payload(concept))
        else:
            _print_concept(store, concept)


def _find(store: Store, code: str, system: str | None, release: str | None) -> ConceptRecord:
    """Find a code in the system named, else in the first system that has it."""
    if system is not None:
        return store.concept(system, code, release)
    missed: UnknownCodeError | None = None
    for each in store.systems():
        try:
            return store.concept(each, code, release)
        except UnknownCodeError as error:
            missed = missed or error
    if missed is None:
        raise DataNotAvailableError("the bundle holds no code system; run 'teneleven build'")
    raise missed


def _print_concept(store: Store, concept: ConceptRecord) -> None:
    flags = concept.kind if concept.billable is None else ("billable" if concept.billable else "not billable")
    click.echo(f"{click.style(concept.code, bold=True)}  {concept.title}")
    begun = concept.valid_from or ("(start not known)" if concept.life else "(no dates known)")
    click.echo(
        f"  {concept.system} {concept.release}, {flags}, valid {begun} to {concept.valid_to or 'open'}"
    )
    for notice in concept.notices:
        click.echo(f"  note: {notice}")
    for depth, step in enumerate(concept.path):
        click.echo(f"  {'  ' * depth}{step.code}  {step.title}")
    for kind, texts in concept.notes.items():
        click.echo(f"  {kind.replace('_', ' ')}:")
        for text in texts:
            click.echo(f"    {text}")
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
