# The least an MPI program does before its first step: start, meet the others once, say so, end.
from mpi4py import MPI

MPI.COMM_WORLD.Barrier()
if MPI.COMM_WORLD.Get_rank() == 0:
    print("ready", flush=True)
