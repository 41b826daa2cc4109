"""Training of three models with NumPy and scikit-learn: the other sides of `sora bench training`.

    training_bench.py IMAGES BATCH

Says "ready", then answers every line "LIBRARY MODEL STEPS" with "SECONDS LOSS", or "missing" where there is no such library, or none of its models is this one.
Libraries: numpy, sklearn; models: softmax, layers (64 units and relu between), convolution. Images of 28 × 28 in single precision. NumPy takes whole
batches at a time, convolutions as one product over windows: what one would write to be fast, without a compiler. scikit-learn is its MLPClassifier, one
partial_fit for each batch: the same steps of plain gradient descent on the same batches.
"""
import os
import sys
import time

os.sched_setaffinity(0, range(os.cpu_count()))     # a rank that is bound to a core hands that down, and OpenBLAS would take one thread

try:
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view
except ImportError as missing:
    print(missing)
    sys.exit(0)

try:
    from sklearn.neural_network import MLPClassifier
except ImportError:
    MLPClassifier = None

RATE = np.float32(0.01)


class Softmax:
    def __init__(self, random):
        self.w, self.b = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)

    def step(self, images, labels):
        x = images.reshape(len(images), -1)
        loss, dz = cross_entropy(x @ self.w + self.b, labels)
        self.w -= RATE * (x.T @ dz)
        self.b -= RATE * dz.sum(0)
        return loss


class Layers:
    def __init__(self, random):
        self.w1, self.w2 = ((random.random(shape, np.float32) - np.float32(0.5)) * np.float32(2 * (6 / sum(shape)) ** 0.5) for shape in ((784, 64), (64, 10)))
        self.b1, self.b2 = np.zeros(64, np.float32), np.zeros(10, np.float32)

    def step(self, images, labels):
        x = images.reshape(len(images), -1)
        h = np.maximum(x @ self.w1 + self.b1, 0)
        loss, dz = cross_entropy(h @ self.w2 + self.b2, labels)
        dh = (dz @ self.w2.T) * (h > 0)
        for value, slope in ((self.w2, h.T @ dz), (self.b2, dz.sum(0)), (self.w1, x.T @ dh), (self.b1, dh.sum(0))):
            value -= RATE * slope
        return loss


class Fitted:
    def __init__(self, hidden, batch):
        self.model = MLPClassifier(hidden, solver="sgd", momentum=0, nesterovs_momentum=False, alpha=0, learning_rate_init=float(RATE), batch_size=batch, shuffle=False)

    def step(self, images, labels):
        self.model.partial_fit(images.reshape(len(images), -1), labels, classes=range(10))
        return self.model.loss_ * len(images)


class Convolution:
    def __init__(self, random):
        def weights(rows, columns):
            return (random.random((rows, columns), np.float32) - np.float32(0.5)) * np.float32(2 * (6 / (rows + columns)) ** 0.5)
        self.w1, self.w2, self.w3, self.w4 = weights(25, 8), weights(200, 16), weights(256, 64), weights(64, 10)
        self.b1, self.b2, self.b3, self.b4 = (np.zeros(n, np.float32) for n in (8, 16, 64, 10))

    def step(self, images, labels):
        n = len(images)
        p1 = patches(images)
        a1 = np.maximum(p1 @ self.w1 + self.b1, 0)
        m1, k1 = pool(a1.reshape(n, 24, 24, 8))
        p2 = patches(m1)
        a2 = np.maximum(p2 @ self.w2 + self.b2, 0)
        m2, k2 = pool(a2.reshape(n, 8, 8, 16))
        x = m2.reshape(n, 256)
        h = np.maximum(x @ self.w3 + self.b3, 0)
        loss, dz = cross_entropy(h @ self.w4 + self.b4, labels)
        dh = (dz @ self.w4.T) * (h > 0)
        dx = dh @ self.w3.T
        d2 = unpool(dx.reshape(n, 4, 4, 16), k2).reshape(-1, 16) * (a2 > 0)
        d1 = unpool(unpatch(d2 @ self.w2.T, n), k1).reshape(-1, 8) * (a1 > 0)
        for value, slope in ((self.w4, h.T @ dz), (self.b4, dz.sum(0)), (self.w3, x.T @ dh), (self.b3, dh.sum(0)),
                             (self.w2, p2.T @ d2), (self.b2, d2.sum(0)), (self.w1, p1.T @ d1), (self.b1, d1.sum(0))):
            value -= RATE * slope
        return loss


def patches(x):
    windows = sliding_window_view(x, (5, 5), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    return np.ascontiguousarray(windows).reshape(-1, 25 * x.shape[3])


def unpatch(d, n):
    d = d.reshape(n, 8, 8, 5, 5, 8)
    x = np.zeros((n, 12, 12, 8), np.float32)
    for i in range(5):
        for j in range(5):
            x[:, i:i + 8, j:j + 8] += d[:, :, :, i, j]
    return x


def pool(x):
    n, rows, columns, channels = x.shape
    squares = x.reshape(n, rows // 2, 2, columns // 2, 2, channels)
    largest = squares.max((2, 4))
    return largest, squares == largest[:, :, None, :, None]


def unpool(d, where):
    return (where * d[:, :, None, :, None]).reshape(d.shape[0], 2 * d.shape[1], 2 * d.shape[2], d.shape[3])


def cross_entropy(z, labels):
    z -= z.max(1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(1, keepdims=True)
    rows = np.arange(len(z))
    loss = -np.log(np.maximum(z[rows, labels], 1e-30)).sum()
    z[rows, labels] -= 1
    z /= np.float32(len(z))
    return loss, z


def main():
    count, batch = int(sys.argv[1]), int(sys.argv[2])
    random = np.random.default_rng(1)
    images, labels = random.random((count, 28, 28, 1), np.float32), random.integers(0, 10, count)
    models = {("numpy", "softmax"): Softmax(random), ("numpy", "layers"): Layers(random), ("numpy", "convolution"): Convolution(random)}
    if MLPClassifier is not None:
        models |= {("sklearn", "softmax"): Fitted((), batch), ("sklearn", "layers"): Fitted((64,), batch)}
    print("ready", flush=True)
    for line in sys.stdin:
        library, name, steps = line.split()
        if (library, name) not in models:
            print("missing", flush=True)
            continue
        order = random.permutation(count)
        total, taken = 0.0, 0
        begun = time.perf_counter()
        for step in range(int(steps)):
            first = step * batch % (count - batch + 1)
            pick = order[first:first + batch]
            total += models[library, name].step(images[pick], labels[pick])
            taken += len(pick)
        print(f"{time.perf_counter() - begun!r} {total / taken!r}", flush=True)


main()
