from service.jobs.job import MOVES, JobState, Queue


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(JobState)
    assert {state for state in JobState if state.finished} == {
        JobState.SUCCEEDED,
        JobState.FAILED,
        JobState.CANCELLED,
    }


def test_an_end_can_be_reached_from_everywhere() -> None:
    for state, after in MOVES.items():
        assert state.finished or any(next_.finished for next_ in after)


def test_the_queues_are_apart() -> None:
    assert Queue.INTERACTIVE.key != Queue.BATCH.key
