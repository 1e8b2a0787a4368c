"""Leaflets as PDF, from the knowledge and the words of leaflets/words.yaml: offline, accessible, the same bytes each time.

YAML → words → data (JSON) → Typst → PDF → checks. Each arrow is a function a test can call alone:
`words` and `content` make the data of one leaflet, `kits` reads a fund's kit, `wall` and `booklet` draw the compiled graph,
`typesetting` turns data into bytes, `factory` decides what to make and makes it in parallel, `validators` judges the result.
"""
