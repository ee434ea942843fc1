"""One client per service, and no way to see its key."""

from __future__ import annotations

import asyncio
import pickle

import pytest
from pydantic import SecretStr

from deepocr_kit.errors import AuthenticationError, ClosedError
from deepocr_kit.services import OpenAIService

KEY = "sk-canary-0123456789"
URL = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _no_keys_around(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("url", ["http://user:pw@host/v1", "http://user@host/v1", "https://:pw@host/v1"])
def test_a_url_with_credentials_is_refused_without_showing_them(url):
    with pytest.raises(ValueError, match="pass api_key instead") as caught:
        OpenAIService(url)

    assert "pw" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize("url", ["", "host/v1", "ftp://host/v1", "file:///etc/passwd", "http:///v1"])
def test_a_url_without_scheme_or_host_is_refused(url):
    with pytest.raises(ValueError, match="must begin with http"):
        OpenAIService(url)


@pytest.mark.parametrize("key", ["sk-canary\n", "sk canary", "sk-canary\x00", "schlüssel-canary"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key):
    with pytest.raises(ValueError, match="header cannot carry") as caught:
        OpenAIService(URL, api_key=key)

    assert "canary" not in str(caught.value)


@pytest.mark.anyio
@pytest.mark.parametrize("key", [KEY, SecretStr(KEY)])
async def test_the_key_is_sent_but_not_shown(key):
    service = OpenAIService(f"{URL}?secret=canary-query", api_key=key)

    assert service.client().api_key == KEY
    assert "canary" not in repr(service)
    await service.aclose()


def test_a_service_cannot_be_pickled():
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(OpenAIService(URL, api_key=KEY))


@pytest.mark.anyio
async def test_servers_other_than_openai_need_no_key():
    service = OpenAIService(URL)

    assert service.client().api_key == "not-needed"
    await service.aclose()


@pytest.mark.anyio
async def test_an_admin_key_in_the_environment_is_not_taken_for_the_key(monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    service = OpenAIService(URL)

    assert service.client().api_key == "not-needed"
    await service.aclose()


@pytest.mark.anyio
async def test_the_environment_gives_the_key_and_it_is_redacted_too(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    service = OpenAIService(URL)

    assert service.client().api_key == KEY
    assert KEY not in service.clean(f"wrong key {KEY}")
    await service.aclose()


@pytest.mark.anyio
async def test_openai_itself_needs_a_key():
    with pytest.raises(AuthenticationError, match="OPENAI_API_KEY"):
        OpenAIService("https://api.openai.com/v1").client()


@pytest.mark.anyio
async def test_one_loop_gets_one_client():
    service = OpenAIService(URL, api_key=KEY)

    assert service.client() is service.client()
    await service.aclose()


def test_another_loop_gets_another_client():
    service = OpenAIService(URL, api_key=KEY)

    async def client() -> object:
        return service.client()

    assert asyncio.run(client()) is not asyncio.run(client())
    asyncio.run(service.aclose())


@pytest.mark.anyio
async def test_a_closed_service_gives_no_client():
    service = OpenAIService(URL, api_key=KEY)
    service.client()
    await service.aclose()
    await service.aclose()

    with pytest.raises(ClosedError):
        service.client()


@pytest.mark.anyio
async def test_the_sdk_does_not_retry():
    service = OpenAIService(URL, api_key=KEY)

    assert service.client().max_retries == 0
    await service.aclose()


@pytest.mark.parametrize("url", ["http://host:1/v1", "http://host:1/v1/"])
def test_the_server_stands_one_level_above_its_api(url):
    assert OpenAIService(url).server_url == "http://host:1"
