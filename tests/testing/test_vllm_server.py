"""The vLLM-shaped server, seen through plain HTTP."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from deepocr_kit.testing import (
    Answer,
    Cut,
    Hang,
    HttpFault,
    RawEvent,
    StreamError,
    VllmServer,
    build_page_image,
    vllm_faults,
)

PNG = "data:image/png;base64," + base64.b64encode(build_page_image().data).decode()


@pytest.fixture
def server():
    with VllmServer(Answer("Total 9.80", chunk_size=5)) as running:
        yield running


def call(server, path="/v1/chat/completions", body=None, *, method=None, key="test-key", content_type=None, raw=None):
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    headers = {"Content-Type": content_type or "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    payload = raw if raw is not None else None if body is None else json.dumps(body)
    with closing(connection):
        connection.request(method or ("GET" if payload is None else "POST"), path, payload, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def chat(**changes):
    messages = [{"role": "user", "content": "Free OCR."}]
    body = {"model": "deepseek-ai/DeepSeek-OCR", "messages": messages, "stream": True} | changes
    return {key: value for key, value in body.items() if value is not None}


def with_image(url=PNG, text="Free OCR."):
    parts = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": text}]
    return chat(messages=[{"role": "user", "content": parts}])


def events(payload: bytes):
    lines = [line.removeprefix("data: ") for line in payload.decode().split("\n\n") if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


# streams


def test_a_stream_has_role_text_finish_and_done(server):
    _, headers, payload = call(server, body=chat())

    role, *texts, finish, done = events(payload)
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert role["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert [event["choices"][0]["delta"]["content"] for event in texts] == ["Total", " 9.80"]
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert "stop_reason" in finish["choices"][0]
    assert done == "[DONE]"


def test_usage_comes_last_and_without_choices_when_asked_for(server):
    *_, usage, done = events(call(server, body=chat(stream_options={"include_usage": True}))[2])

    assert (usage["choices"], usage["usage"]["prompt_tokens"], done) == ([], 278, "[DONE]")
    assert "system_fingerprint" in usage


def test_without_a_stream_one_body_comes(server):
    status, _, payload = call(server, body=chat(stream=False))

    choice = json.loads(payload)["choices"][0]
    assert (status, choice["message"]["content"], choice["finish_reason"]) == (200, "Total 9.80", "stop")


@pytest.mark.parametrize("stream", [True, False])
def test_special_tokens_are_hidden_by_default(server, stream):
    server.answer = Answer("<|ref|>table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|><table><tr><td>茶</td></tr></table>")

    payload = call(server, body=chat(stream=stream))[2].decode()
    if stream:
        choices = [event["choices"][0] for event in events(payload.encode()) if event != "[DONE]"]
        text = "".join(choice["delta"].get("content", "") for choice in choices)
    else:
        text = json.loads(payload)["choices"][0]["message"]["content"]

    assert text == "table[[1, 2, 3, 4]]<table>茶</table>"


def test_special_tokens_stay_when_asked_for(server):
    server.answer = Answer("<tr><td>茶</td></tr>", chunk_size=100)

    _, text, *_ = events(call(server, body=chat(skip_special_tokens=False))[2])

    assert text["choices"][0]["delta"]["content"] == "<tr><td>茶</td></tr>"


def test_the_request_id_becomes_part_of_the_answers(server):
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": "bearer test-key", "X-Request-Id": "abc"}
    with closing(connection):
        connection.request("POST", "/v1/chat/completions", json.dumps(chat(stream=False)), headers)
        assert json.loads(connection.getresponse().read())["id"] == "chatcmpl-abc"


# scripts


def test_queued_replies_come_first_and_then_the_default(server):
    server.enqueue(Answer("one"), Answer("two"))

    texts = [json.loads(call(server, body=chat(stream=False))[2])["choices"][0]["message"]["content"] for _ in range(3)]

    assert texts == ["one", "two", "Total 9.80"]


def test_a_function_may_answer(server):
    server.answer = lambda request: Answer(request.prompt.upper())

    assert b"FREE OCR." in call(server, body=chat(stream=False))[2]


def test_requests_are_recorded_without_the_key(server):
    call(server, body=with_image())

    request = server.completions[0]
    assert request.images == (build_page_image().data,)
    assert request.prompt == "Free OCR."
    assert request.authorized
    assert "test-key" not in repr(request)


def test_running_requests_are_counted(server):
    server.answer = Answer("x", first_token_delay=0.3)
    threads = [threading.Thread(target=call, args=(server,), kwargs={"body": chat()}) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert server.wait_for_requests(4)
    for thread in threads:
        thread.join()

    assert server.wait_until_idle()
    assert server.peak_running == 4


# what it refuses


REFUSED = [
    (chat(model="other"), 404, "NotFoundError"),
    ({"model": "deepseek-ai/DeepSeek-OCR"}, 400, "Bad Request"),
    ([], 400, "Bad Request"),
    (chat(max_tokens=0), 400, "BadRequestError"),
    (chat(max_tokens=9000), 400, "BadRequestError"),
    (chat(max_completion_tokens=9000), 400, "BadRequestError"),
    (chat(stream=False, stream_options={"include_usage": True}), 400, "BadRequestError"),
    (chat(stream=False, vllm_xargs={"ngram_size": 0}), 400, "BadRequestError"),
    (with_image("data:image/png;base64,@@@"), 400, "BadRequestError"),
    (with_image("data:image/png;base64,aGVsbG8="), 400, "BadRequestError"),
    (with_image("data:image/png,hello"), 501, "NotImplementedError"),
    (with_image(text="<image><image>"), 400, "BadRequestError"),
]


@pytest.mark.parametrize(("body", "status", "kind"), REFUSED, ids=range(len(REFUSED)))
def test_wrong_requests_get_the_recorded_errors(server, body, status, kind):
    answered, _, payload = call(server, body=body)

    error = json.loads(payload)["error"]
    assert (answered, error["code"], error["type"]) == (status, status, kind)


@pytest.mark.parametrize("raw", [b"{nope", b"\xff\xfe"])
def test_a_body_that_is_no_json_is_refused(server, raw):
    assert call(server, raw=raw)[0] == 400


def test_another_content_type_is_refused(server):
    status, _, payload = call(server, body=chat(), content_type="text/plain")

    assert (status, b"Unsupported Media Type" in payload) == (400, True)


def test_a_late_check_fails_inside_the_stream(server):
    status, _, payload = call(server, body=chat(vllm_xargs={"ngram_size": 30, "window_size": 0}))

    assert status == 200
    assert [event if event == "[DONE]" else event["error"]["code"] for event in events(payload)] == [400, "[DONE]"]


def test_an_old_server_refuses_lists():
    with VllmServer(accepts_list_xargs=False) as old:
        assert call(old, body=chat(vllm_xargs={"whitelist_token_ids": [1]}))[0] == 400
        assert call(old, body=chat(vllm_xargs={"ngram_size": 30}))[0] == 200


@pytest.mark.parametrize("key", ["wrong", None])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/chat/completions"])
def test_the_key_is_needed_under_v1(server, key, path):
    status, _, payload = call(server, path, None if path == "/v1/models" else chat(), key=key)

    assert (status, payload) == (401, b'{"error":"Unauthorized"}')


def test_an_open_server_needs_no_key():
    with VllmServer(api_key=None) as server:
        assert call(server, body=chat(), key=None)[0] == 200


# other paths


def test_models_tell_the_window(server):
    entry = json.loads(call(server, "/v1/models")[2])["data"][0]

    assert (entry["id"], entry["max_model_len"]) == ("deepseek-ai/DeepSeek-OCR", 8192)


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
def test_health_has_no_body(server, healthy, status):
    server.healthy = healthy

    answered, _, payload = call(server, "/health", key=None)
    assert (answered, payload) == (status, b"")


def test_metrics_and_version_need_no_key(server):
    assert b"vllm:num_requests_running{" in call(server, "/metrics", key=None)[2]
    assert json.loads(call(server, "/version", key=None)[2]) == {"version": "0.33.0"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/nope", None, 404),
        ("/v1/nope", None, 404),
        ("/v1/v1/chat/completions", chat(), 404),
        ("/v1/chat/completions", None, 405),
        ("/v1/chat/completions/", chat(), 307),
    ],
)
def test_wrong_paths(server, path, body, status):
    assert call(server, path, body)[0] == status


# faults


@pytest.mark.parametrize("name", [name for name in vllm_faults.__all__ if name.isupper() and name[:7] != "CONTEXT"])
def test_every_recorded_fault_can_be_sent(server, name):
    fault = getattr(vllm_faults, name)
    server.enqueue(fault)

    status, headers, payload = call(server, body=chat())
    assert (status, headers["content-type"]) == (fault.status, fault.content_type)
    assert payload
    assert "connection" not in {header.lower() for header in headers}


def test_bytes_are_sent_as_they_are(server):
    server.enqueue(HttpFault(500, b"\xff\x00"))

    assert call(server, body=chat())[2] == b"\xff\x00"


def test_a_silently_closed_connection_cannot_be_used_again(server):
    server.enqueue(vllm_faults.DECOMPRESSION_BOMB)
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer test-key"}
    with closing(connection):
        connection.request("POST", "/v1/chat/completions", json.dumps(chat()), headers)
        connection.getresponse().read()
        assert connection.sock is not None
        time.sleep(0.1)
        assert connection.sock.recv(1) == b""


def test_an_error_event_is_followed_by_done(server):
    server.enqueue(Answer("so", ending=StreamError(503, "busy", "Service Unavailable")))

    *_, error, done = events(call(server, body=chat())[2])
    assert (error["error"]["code"], done) == (503, "[DONE]")


def test_an_error_event_is_a_status_without_a_stream(server):
    server.enqueue(Answer("so", ending=StreamError(503)))

    assert call(server, body=chat(stream=False))[0] == 503


@pytest.mark.parametrize("how", ["reset", "chunked"])
@pytest.mark.parametrize("stream", [True, False])
def test_a_cut_answer_breaks_off(server, how, stream):
    server.enqueue(Answer("so far", ending=Cut(how)))

    with pytest.raises((ConnectionResetError, http.client.IncompleteRead, http.client.RemoteDisconnected)):
        call(server, body=chat(stream=stream))


def test_an_answer_without_length_just_ends(server):
    server.enqueue(Answer("so far", ending=Cut("close")))

    payload = call(server, body=chat())[2]
    assert b"so far" in payload
    assert b'finish_reason":"stop' not in payload


@pytest.mark.parametrize("stream", [True, False])
def test_raw_bytes_stand_in_the_answer(server, stream):
    server.enqueue(Answer("so", ending=RawEvent(b"data: \xff\n\n")))

    assert b"data: \xff\n\n" in call(server, body=chat(stream=stream))[2]


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_a_silent_server_is_noted(server, stream):
    server.enqueue(Answer("so", ending=Hang()))
    body = json.dumps(chat(stream=stream))
    host, port = urlsplit(server.base_url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        head += f"Authorization: Bearer test-key\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())
        assert server.wait_for_requests()

    assert server.wait_for_disconnect()


def test_keep_alive_comments_fill_the_silence(server):
    server.enqueue(Answer("", ending=Hang(keep_alive=0.02)))
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer test-key"}
    with closing(connection):
        connection.request("POST", "/v1/chat/completions", json.dumps(chat()), headers)
        assert connection.getresponse().read(28) == b": keep-alive\n\n: keep-alive\n\n"


def test_waiting_for_what_does_not_come_ends(server):
    assert not server.wait_for_disconnect(seconds=0.05)
    assert not server.wait_for_requests(seconds=0.05)


# running


def test_stopping_does_not_wait_for_open_connections():
    start = time.monotonic()
    with VllmServer() as server:
        host, port = urlsplit(server.base_url).netloc.split(":")
        idle = socket.create_connection((host, int(port)), timeout=5)
        call(server, "/health")
    with idle:
        assert idle.recv(1) == b""

    assert time.monotonic() - start < 3


def test_it_may_be_stopped_twice_and_has_no_address_then():
    server = VllmServer()
    server.start()
    server.stop()
    server.stop()

    with pytest.raises(RuntimeError, match="with block"):
        _ = server.base_url
