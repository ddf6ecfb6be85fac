from service.batches.feeder import InFlight
from service.batches.file import Head
from service.jobs.job import JobState


def head(client: str, created_at: float) -> Head:
    return Head("", client, "", JobState.RUNNING, created_at, None)


def test_clients_take_turns_and_then_their_batches() -> None:
    """The first client has two batches; the second, who came later, has one."""
    in_flight = InFlight()
    in_flight.batches = {"a1": head("a", 1), "a2": head("a", 2), "b1": head("b", 3)}
    turns = []
    for _ in range(8):
        turn = min(in_flight.batches, key=in_flight.turn)
        in_flight.add(turn, waits=True)
        turns.append(turn)
    assert turns == ["a1", "b1", "a2", "b1", "a1", "b1", "a2", "b1"]
    assert in_flight.waiting == 8
