/** Invented stories with which an editor can try the desk. */

export const EXAMPLES = [
  {
    language: "en",
    text: `Bridge over the Arden reopens after two years

Drivers and cyclists crossed the Arden again on Monday, two years after a barge damaged the bridge.

By Laura Bennett

The mayor, Helen Ward, cut the ribbon at 8 a.m. and then crossed on foot with about 400 residents. “We have waited 743 days for this,” she said. “The detour cost every family in the valley an hour a day.”

The repairs cost $18.6 million, 12% more than planned. Engineers replaced 31 cables and rebuilt the eastern pier.

What is still closed

The footpath below the bridge will not open before March. The city has yet to say who will pay for the new lights.

Robert Klein, who runs the bakery next to the bridge, sold out of bread before nine. “I baked 200 loaves,” he said. “I should have baked 300.”`,
  },
  {
    language: "es",
    text: `El puerto de Almara amplía su muelle

El puerto de Almara tendrá un nuevo muelle de 340 metros antes de junio de 2027, según anunció el martes su directora, Carmen Rivas.

La obra costará 26 millones de euros. El Gobierno regional pagará el 60 % y el resto lo aportarán tres navieras.

“No queremos más barcos, sino barcos más limpios”, dijo Rivas. Los vecinos del barrio pesquero temen que el ruido aumente y han reunido 2.150 firmas contra el proyecto.`,
  },
  {
    language: "en",
    text: `Five things to know about the heat wave

Temperatures will reach 39 degrees on Thursday, the weather service said.

- Schools in the north will close at noon until Friday.
- The city opens 14 cooling centers; none of them needs registration.
- Trains between Northport and Saint Brendan run at half speed.
- Farmers may not burn stubble before September 15.
- The hospital asks people to call before they come.`,
  },
];
