"""The same system as `sora bench poisson`, solved by PETSc: conjugate gradients with one V-cycle of multigrid.

Usage: mpiexec -n RANKS python3 poisson_petsc.py SIZE TOLERANCE REPEATS VARIANT
VARIANT is one of
  jacobi   geometric multigrid with Chebyshev(3) over Jacobi: the same grids, transfers and smoothing as the library's
  sor      the same grids and transfers with PETSc's default smoother, Chebyshev(2) over SOR
  gamg     PETSc's algebraic multigrid as it comes
Prints one line: variant, iterations, set-up [s], best solve [s], ‖b − A·x‖ / ‖b‖ computed anew.

The matrix is −h·∇² on SIZE³ cells, zero on the faces of the cube, on slabs of planes; the right-hand side is scrambled from
the cell's number. Both as the library has them, up to the factor h³ that makes interpolation's transpose the restriction.
"""
import glob
import sys
import time

sys.path += glob.glob("/usr/lib/petscdir/petsc*/*-real/lib/python3/dist-packages")  # where Debian keeps it
import numpy
import petsc4py

size, tolerance, repeats, variant = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
petsc4py.init(sys.argv[:1])
from petsc4py import PETSc

world = PETSc.COMM_WORLD
rank, ranks = world.getRank(), world.getSize()


def planes(n):
    """This rank's planes of a grid: whole pairs of planes, so that coarser grids are cut alike."""
    return n * rank // ranks, n * (rank + 1) // ranks


def compressed(n_rows, columns, values, kept, shape, local_columns):
    """A distributed matrix from equally long rows of which some entries are kept."""
    starts = numpy.zeros(n_rows + 1, dtype=PETSc.IntType)
    numpy.cumsum(kept.sum(axis=1), out=starts[1:])
    flat = kept.ravel()
    matrix = PETSc.Mat().createAIJ(((n_rows, shape[0]), (local_columns, shape[1])),
                                   csr=(starts, columns.ravel()[flat].astype(PETSc.IntType), values.ravel()[flat]), comm=world)
    matrix.assemble()
    return matrix


def cells(n):
    begin, end = planes(n)
    return numpy.meshgrid(numpy.arange(begin, end), numpy.arange(n), numpy.arange(n), indexing="ij")


def laplacian(n):
    """Seven points; a cell at a face has the weight of the neighbour beyond, whose value is minus its own, added to its own."""
    k, j, i = (c.ravel() for c in cells(n))
    h = 1.0 / n
    offsets = [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)]
    columns = numpy.empty((k.size, 7), dtype=PETSc.IntType)
    values = numpy.full((k.size, 7), -h)
    kept = numpy.empty((k.size, 7), dtype=bool)
    here = (k * n + j) * n + i
    diagonal = numpy.full(k.size, 6.0 * h)
    for at, (dk, dj, di) in enumerate(offsets):
        inside = (k + dk >= 0) & (k + dk < n) & (j + dj >= 0) & (j + dj < n) & (i + di >= 0) & (i + di < n)
        diagonal[~inside] += h
        columns[:, at] = here + (dk * n + dj) * n + di
        kept[:, at] = inside
    values[:, 3] = diagonal
    return compressed(k.size, columns, values, kept, (n ** 3, n ** 3), k.size)


def interpolation(n):
    """From n/2 to n cells a side: ¾ of the wide cell it is in and ¼ of the next, along every dimension; beyond a face minus the same."""
    k, j, i = (c.ravel() for c in cells(n))
    wide = n // 2

    def one(c):
        near = c // 2
        far = near + numpy.where(c % 2 == 0, -1, 1)
        beyond = (far < 0) | (far >= wide)
        return [(near, numpy.where(beyond, 0.5, 0.75), numpy.ones(c.size, dtype=bool)), (far, numpy.full(c.size, 0.25), ~beyond)]

    columns, values, kept = [], [], []
    for kc, kw, kk in one(k):
        for jc, jw, jk in one(j):
            for ic, iw, ik in one(i):
                columns.append((kc * wide + jc) * wide + ic)
                values.append(kw * jw * iw)
                kept.append(kk & jk & ik)
    begin, end = planes(wide)
    columns, values, kept = (numpy.stack(a, axis=1) for a in (columns, values, kept))
    # Rows ascending, as compressed rows are kept.
    order = numpy.argsort(numpy.where(kept, columns, wide ** 3), axis=1, kind="stable")
    columns, values, kept = (numpy.take_along_axis(a, order, axis=1) for a in (columns, values, kept))
    return compressed(k.size, columns, values, kept, (n ** 3, wide ** 3), (end - begin) * wide * wide)


def right_hand_side(matrix, n):
    b = matrix.createVecLeft()
    begin, end = b.getOwnershipRange()
    with numpy.errstate(over="ignore"):
        bits = (numpy.arange(begin, end, dtype=numpy.uint64) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        bits = bits ^ (bits >> numpy.uint64(31))
    b.setArray(bits.view(numpy.int64).astype(float) / 2.0 ** 63 / n ** 3)
    return b


def multigrid(pc, matrix):
    sides = [size]
    while sides[-1] % 2 == 0 and sides[-1] > 4 and (sides[-1] // 2) >= ranks:
        sides.append(sides[-1] // 2)
    sides.reverse()
    pc.setType("mg")
    pc.setMGLevels(len(sides))
    options = PETSc.Options()
    options["mg_levels_ksp_type"] = "chebyshev"
    options["mg_levels_ksp_max_it"] = 3 if variant == "jacobi" else 2
    options["mg_levels_pc_type"] = variant
    if variant == "jacobi":
        options["mg_levels_ksp_chebyshev_eigenvalues"] = f"{2 / 12},2.0"
    options["mg_coarse_pc_type"] = "redundant"
    for level, side in enumerate(sides):
        grid = matrix if side == size else laplacian(side)
        (pc.getMGCoarseSolve() if level == 0 else pc.getMGSmoother(level)).setOperators(grid, grid)
        if level > 0:
            pc.setMGInterpolation(level, interpolation(side))


matrix = laplacian(size)
b = right_hand_side(matrix, size)
x = matrix.createVecRight()
begun = time.perf_counter()
solver = PETSc.KSP().create(world)
solver.setOperators(matrix)
solver.setType("cg")
solver.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
solver.setTolerances(rtol=tolerance, max_it=200)
if variant == "gamg":
    solver.getPC().setType("gamg")
else:
    multigrid(solver.getPC(), matrix)
solver.setFromOptions()
solver.setUp()
solver.solve(b, x)                  # the first solve also sets the smoothers up
setup = time.perf_counter() - begun
best = float("inf")
for _ in range(repeats):
    x.set(0)
    world.barrier()
    begun = time.perf_counter()
    solver.solve(b, x)
    world.barrier()
    best = min(best, time.perf_counter() - begun)
residual = b.duplicate()
matrix.mult(x, residual)
residual.aypx(-1, b)
relative = residual.norm() / b.norm()
if rank == 0:
    print(f"{variant} {solver.getIterationNumber()} {setup:.6f} {best:.6f} {relative:.6e}", flush=True)
