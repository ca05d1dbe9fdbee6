"""The campaign file that a new campaign starts from."""

from planner.campaign.file import campaign_from_text

TEMPLATE = """\
# A campaign for Kyoso. Check it with: kyoso check FILE   run it with: kyoso run FILE
name: {name}
title: what this campaign is after, in one line

parameters:            # what the planner may set
  temperature: {{kind: range, low: 600, high: 900, unit: degC, step: 5}}
  hold_time:   {{kind: integer, low: 1, high: 48, unit: h}}
  milling:     {{kind: range, low: 10, high: 300, unit: MJ/kg, scale: log}}
  route:       {{kind: choice, values: [SPS, HIP]}}
  # other kinds: {{kind: ordered, values: [600, 675, 750], unit: degC}}
  #              {{kind: fixed, value: Ar}}
  #              {{kind: derived, formula: milling / 12, unit: MJ/kg}}

constraints: ["temperature + 4*hold_time <= 1000"]    # linear; == for compositions

outcomes:              # goals: maximize, minimize, target (value, tolerance) or none
  strength: {{goal: maximize, unit: MPa, threshold: 200}}
  cost:     {{goal: minimize, unit: "[EUR]", threshold: 50}}    # brackets: a plain label
  density:  {{goal: none, unit: percent, at_least: 75}}         # a requirement

stages:                # manual: a person records the results with kyoso record
  - {{name: synthesis, executor: manual, gives: [density, cost], due_days: 7}}
  - {{name: testing, executor: manual, after: [synthesis], gives: [strength]}}

# hypotheses:          # what people believe; the record decides what it is worth
#   - {{kind: trend, outcome: strength, parameter: temperature, sign: falls, author: Aki}}
#   - {{kind: near, point: {{temperature: 700}}, width: 0.2, author: Aki, because: an old series}}

review: {{autonomy: by-hand}}       # by-hand | when-safe | automatic
budget: {{trials: 40}}
planner: {{batch: 3, seed: 1}}      # batch: trials kept open at once
"""


def new_campaign(name: str) -> str:
    """The text of a valid campaign file; ValueError where the name is not allowed."""
    text = TEMPLATE.format(name=quoted(name))
    campaign_from_text(text)
    return text


def quoted(name: str) -> str:
    """A name as YAML text, in quotes."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
