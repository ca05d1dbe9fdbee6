"""What the headings of a replay's figures mean, in a sentence each: for the panel and the page."""

LEGEND = {
    "planner": "who chose; random is every order alike, computed exactly",
    "first of the top set": (
        "experiments until one of the best conditions was found: median, and the middle half of "
        "the walks"
    ),
    "share at half": "share of the top set that was found after half of the experiments, 0 to 1",
    "share at the end": "the same after all of them",
    "regret": (
        "how far the best so far is from the best of the pool, as a share of the pool's range: 0 "
        "to 1, 0 is best"
    ),
    "hypervolume": "share of the pool's hypervolume that was reached, 0 to 1, 1 is best",
    "ef_topk": "how many times more of the top set than random order found by then",
    "ef_value": (
        "best so far over that of random order, upside down where small is good; 1 is as by lot, "
        "more is better"
    ),
    "AF at 0.5": (
        "how many times fewer experiments than random order for half of the top set; empty where "
        "it was not reached"
    ),
    "in 90 %": "share of results inside the planner's own 90 % intervals; 90 % is right",
    "s / proposal": "seconds for one proposal on the machine where it ran",
    "verdict": "gain or loss only where the 99 % interval of the difference leaves out 0",
    "outcome": "what was predicted",
    "forecasts": "results that were predicted before they were known",
    "in 50 %": "share of results inside the 50 % interval; 50 % is right",
    "in 68 %": "share of results inside the 68 % interval; 68 % is right",
    "in 95 %": "share of results inside the 95 % interval; 95 % is right",
    "rms z": "typical distance of a result in predicted standard deviations; 1 is right",
    "log score": "mean log density of what came; larger is better",
    "without model": "the log score of a forecast from the mean and spread so far alone",
}
