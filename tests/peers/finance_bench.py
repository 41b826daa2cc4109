"""Monte Carlo value at risk with NumPy and SciPy: the other side of `sora bench finance`.

    finance_bench.py PORTFOLIO DAYS LEVEL

Says "ready", then answers every line "SCENARIOS SEED" with "SECONDS VALUE_AT_RISK EXPECTED_SHORTFALL". Whole arrays at a time, a
block of scenarios that stays in cache: what one would write to be fast, without a compiler.
"""
import sys
import time

try:
    import h5py
    import numpy as np
    from scipy.special import ndtr
except ImportError as missing:
    print(missing)
    sys.exit(0)

BLOCK = 512


class Portfolio:
    def __init__(self, path, years):
        with h5py.File(path, "r") as file:
            self.rate = float(file.attrs["rate"])
            self.spot = file["factors/spot"][:]
            self.holding = file["factors/holding"][:]
            deviation = file["factors/volatility"][:] * np.sqrt(years)
            self.mixing = deviation[:, None] * np.linalg.cholesky(file["factors/correlation"][:])
            self.drift = -0.5 * deviation**2
            options = {name: dataset[:] for name, dataset in file["options"].items()} if "options" in file else None
        self.present = float(self.holding @ self.spot)
        self.has_options = options is not None
        if self.has_options:
            self.factor, self.sign = options["factor"], np.where(options["call"] == 1, 1.0, -1.0)
            self.options = options
            self.present += float(self.options_value(self.spot[None, :], self.terms(0.0))[0])
            self.ahead = self.terms(years)

    def terms(self, years):
        left = np.maximum(self.options["expiry"] - years, 0.0)
        deviation = np.maximum(self.options["volatility"] * np.sqrt(left), 1e-8)
        strike = self.options["strike"] * np.exp(-self.rate * left)
        return strike, np.log(strike), deviation

    def options_value(self, price, terms):
        strike, log_strike, deviation = terms
        price_of, log_of = price[:, self.factor], np.log(price)[:, self.factor]
        d1 = (log_of - log_strike) / deviation + 0.5 * deviation
        value = price_of * ndtr(self.sign * d1) - strike * ndtr(self.sign * (d1 - deviation))
        return value @ (self.sign * self.options["quantity"])

    def losses(self, normals):
        price = self.spot * np.exp(normals @ self.mixing.T + self.drift)
        value = price @ self.holding
        if self.has_options:
            value += self.options_value(price, self.ahead)
        return self.present - value


def risk(losses, level):
    losses.sort()
    at_risk = losses[int(np.ceil(level * len(losses))) - 1]
    return at_risk, at_risk + np.maximum(losses - at_risk, 0.0).mean() / (1 - level)


def main():
    portfolio, level = Portfolio(sys.argv[1], float(sys.argv[2]) / 252), float(sys.argv[3])
    print("ready", flush=True)
    for line in sys.stdin:
        scenarios, seed = map(int, line.split())
        random = np.random.Generator(np.random.SFC64(seed))
        begun = time.perf_counter()
        losses = np.empty(scenarios)
        for first in range(0, scenarios, BLOCK):
            count = min(BLOCK, scenarios - first)
            losses[first:first + count] = portfolio.losses(random.standard_normal((count, len(portfolio.spot))))
        seconds = time.perf_counter() - begun
        at_risk, shortfall = risk(losses, level)
        print(f"{seconds!r} {float(at_risk)!r} {float(shortfall)!r}", flush=True)


main()
