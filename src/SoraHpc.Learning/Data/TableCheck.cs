using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Whether what the ranks have is one table.</summary>
public static class TableCheck
{
    /// <summary>Whether every rank has the same columns, and there is a row at all. Collective.</summary>
    /// <exception cref="SoraException">A rank has other columns than rank 0, or no rank has a row; the line says which rank and column.</exception>
    public static void SameColumns(Communicator ranks, IEnumerable<DataParticle> particles)
    {
        IReadOnlyList<string> columns = particles.FirstOrDefault()?.Columns ?? throw new SoraException($"rank {ranks.Rank} has no particle: give one without rows where there are none");
        UInt128 own = new ContentHash().Add(columns).Finish();
        ulong[] hashes = ranks.Allgather((ulong)own);
        int other = Array.FindIndex(hashes, hash => hash != hashes[0]);
        if (other >= 0)
            TellDifference(ranks, columns, other);
        if (ranks.Allreduce(particles.Sum(particle => (long)particle.Count), ReduceOperation.Sum) == 0)
            throw new SoraException("there are no rows: every particle is empty");
    }

    private static void TellDifference(Communicator ranks, IReadOnlyList<string> columns, int other)
    {
        byte[] all = ranks.Allgatherv<byte>(Encoding.UTF8.GetBytes($"{string.Join('\u001f', columns)}\u001e"));
        string[][] names = [.. Encoding.UTF8.GetString(all).Split('\u001e', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('\u001f'))];
        string[] missing = [.. names[0].Except(names[other])], more = [.. names[other].Except(names[0])];
        throw new SoraException(missing.Length > 0 ? $"rank {other} has no column '{missing[0]}', which rank 0 has"
            : more.Length > 0 ? $"rank {other} has a column '{more[0]}', which rank 0 has not"
            : $"rank {other} has its columns in another order than rank 0");
    }
}
