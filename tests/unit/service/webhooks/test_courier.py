import json

from service.webhooks.courier import DELAYS, Message, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example that the specification's libraries are tested with."""
    signature = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_attempts_fill_a_day() -> None:
    assert 23 * 3600 <= sum(DELAYS) <= 24 * 3600
    assert list(DELAYS) == sorted(DELAYS)


def test_a_message_says_what_happened_and_nothing_of_the_text() -> None:
    record = {
        "task": "translate",
        "state": "failed",
        "finished_at": "1614265330.5",
        "error": '{"code": "internal"}',
        "callback": '{"url": "https://cms.example/"}',
        "request": '{"text": "secret"}',
        "result": '{"text": "secreto"}',
    }
    message = Message.about("dragoman:job:a", record)
    assert json.loads(message.body) == {
        "type": "job.failed",
        "timestamp": "2021-02-25T15:02:10.500000+00:00",
        "data": {"id": "a", "task": "translate", "state": "failed", "error": {"code": "internal"}},
    }
    assert message.id == "msg_a"
    assert "webhook-signature" not in message.headers(1)
