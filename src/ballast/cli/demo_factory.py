"""The demo's sample factory: made beside the city's home, with accounts of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl

from ballast.cli.context import language, settings, viewer
from ballast.cli.demo_accounts import Account, enterprise_account
from ballast.cli.factory_serving import factory_home, keep_secret, push_key_file
from ballast.cli.plant_opening import spool_folder
from ballast.cli.plant_site import RECIPE as SITE_RECIPE
from ballast.cli.plant_site import keep_site
from ballast.errors import NotFound, Refused
from ballast.lake.lake import Lake
from ballast.node.writer.local import connect
from ballast.plant.reports.told_days import key_id, parse_public_key, public_key
from ballast.plant.site import read_site
from ballast.sample.factory.building import SEED, Built, build
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.handles import register_handles
from ballast.sample.factory.mapping import mapping
from ballast.sample.factory.records import RECIPE
from ballast.sample.factory.shop import USCC
from ballast.serve.ship_once import ship_once
from ballast.state.keys import issue_key, list_keys, revoke_key
from ballast.state.plant_consent import note_consent, standing_consent
from ballast.state.plant_days import trust
from ballast.state.plant_key import plant_key
from ballast.state.store import State
from ballast.state.users import add_user, user_named
from ballast.terms.label import Label
from ballast.terms.role import Role

__all__ = ["factory_accounts", "let_push", "make_factory"]

_ACCOUNTS = {
    "owner": Label("样例工厂业主", "Sample factory's owner"),
    "engineer": Label("样例工厂工程师", "Sample factory's engineer"),
}
_TELLER = "valve-shop"
_TELLERS_NAME = Label("样例工厂（日汇总上报）", "Sample factory (telling its days)")
_KEY_LASTS = timedelta(days=90)

Tell = Callable[[str, float], None]


def make_factory(city: Lake, told: Tell) -> Built:
    """Make the sample factory beside a city's home, or bring it up to now.

    Parameters
    ----------
    city
        The city's lake; its node gets the handles of the factory's batches.
    told
        Told what is being done and how much of it, 0 to 1.
    """
    home = factory_home(city.home.path)
    lake = Lake.create(home, settings().engine)
    _refuse_real_data(lake)
    text = mapping()
    keep_site(lake, read_site(text), text)
    now = round(city.clock().timestamp() * 1000)
    made = build(
        lake, viewer(), spool_folder(home), lambda what, done: told(what, done * 0.3), now=now
    )
    _step(told, "writing the sample factory's samples into its lake", 0.3)
    ship_once(lake)
    _step(told, "registering the sample factory's batches at the city's node", 0.9)
    _register(city.home.path, made.first_day, now // DAY_MS)
    ship_once(city)
    return made


def factory_accounts(city: Path) -> tuple[Account, ...]:
    """Make the accounts of the factory's own portal, or give them new passwords.

    Parameters
    ----------
    city
        The city's home, beside which the factory stands.
    """
    lake = Lake.open(factory_home(city))
    with State(lake.home.path, lake.clock) as state:
        return tuple(
            enterprise_account(state, name, label.text(language()), language(), USCC)
            for name, label in _ACCOUNTS.items()
        )


def let_push(city: Lake) -> None:
    """Have the factory's owner agree that its days are told, and the city know its key.

    Parameters
    ----------
    city
        The city's lake, beside whose home the factory stands.
    """
    home = factory_home(city.home.path)
    words = language()
    public = public_key(plant_key(home))
    raw = parse_public_key(public)
    with State(home, city.clock) as state:
        said = standing_consent(state, USCC)
        if said is None or not said.given:
            note_consent(state, USCC, "owner", given=True)
    with State(city.home.path, city.clock) as state:
        trust(state, key_id(raw), USCC, raw, viewer().name)
        try:
            user = user_named(state, _TELLER)
        except NotFound:
            display = _TELLERS_NAME.text(words)
            user = add_user(
                state, _TELLER, role=Role.ENTERPRISE, display=display, enterprises=(USCC,),
                language=words,
            )  # fmt: skip
        for key in list_keys(state, user.id):
            revoke_key(state, key.id)
        secret, _ = issue_key(state, user.id, "plant push", city.clock() + _KEY_LASTS)
    keep_secret(push_key_file(home), secret)


def _step(told: Tell, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    told(template, done)


def _register(city: Path, first_day: int, last_day: int) -> None:
    writer = connect(city, map_bytes=settings().node.map_gib << 30)
    try:
        register_handles(writer, SEED, first_day, last_day)
    finally:
        writer.close()


def _refuse_real_data(lake: Lake) -> None:
    """Keep invented machines out of a home that holds real ones."""
    ours = lake.ledger.live()["recipe"].fill_null("").is_in([RECIPE, SITE_RECIPE])
    real = lake.ledger.live().filter(~ours | (pl.col("provenance") == "real"))
    if real.height:
        raise Refused(
            "{path}: this home holds {count} loads of other data; the sample is invented and "
            "would mix with them. Name another home with --home",
            path=lake.home.path,
            count=real.height,
        )
