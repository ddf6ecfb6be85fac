from pipeline.summaries.salience import score, similarity


def test_the_central_sentence_scores_over_the_stray_one() -> None:
    sentences = [
        "The storm destroyed two piers on the northern islands, and the ferry service stopped there.",
        "A museum in another country opened its doors to visitors after many years of slow building.",
        "The ferry service to the northern islands starts again once both of the piers are repaired.",
    ]
    salience = score(sentences, "Ferry service to the islands").salience
    assert min(salience[0], salience[2]) > salience[1]


def test_vectors_are_of_length_one_and_empty_text_has_none() -> None:
    scored = score(["The storm came.", "…"], "")
    assert similarity(scored.vectors[0], scored.vectors[0]) > 0.999
    assert scored.vectors[1] == {}
    assert score([], "title").salience == []
