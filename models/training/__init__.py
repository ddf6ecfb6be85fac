"""How the embedded translation models are made: from a student's weights and texts to a card.

The stages, in order, each in its own module: `student` reads the student's weights,
`vocabulary` makes one vocabulary for both sides, `alignment` finds the new pieces' vectors,
`imitation` replaces the student's recurrent unit by self-attention, `corpus` reads and weighs the texts,
`variation` varies them, `back_translation` writes sources for those that have none, `batches` cuts
them into pieces and gives them out, `loop` trains, `export` writes the folder that Dragoman loads,
`evaluate` measures it.
Run them with `python -m models.training`; none of this is needed to run Dragoman.
"""
