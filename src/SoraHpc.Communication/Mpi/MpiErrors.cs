using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The one place where a return code becomes an exception that names the call and the rank.</summary>
internal sealed unsafe class MpiErrors(MpiFunctions mpi, MpiAbi abi, int worldRank)
{
    /// <summary>What a call throws that a death has broken off. Set in a run that survives deaths.</summary>
    internal Func<string, Exception>? BrokenOff { get; set; }

    /// <summary>What a call throws that failed because of a death, which may become known a little later than its consequence; null when nobody has
    /// died. Set in a run that survives deaths.</summary>
    internal Func<string, Exception?>? Explain { get; set; }

    /// <summary>Throws unless the code is MPI_SUCCESS.</summary>
    internal void Check(int code, string call)
    {
        if (code != 0)
            Throw(code, call);
    }

    [DoesNotReturn]
    internal void Throw(int code, string call)
    {
        ThrowIfBrokenOff(code, call);
        if (code == SurvivingCalls.RankFailed)          // a code of ours, of which the library knows no text
            Throw("ranks died before this new one had joined: start the run again from its newest checkpoint (--restarts N does it by itself)", call, ErrorClass.ProcessFailed);
        if (Explain?.Invoke(call) is { } death)
            throw death;
        int errorClass;
        _ = mpi.ErrorClass(code, &errorClass);
        throw new CommunicationException(TextOf(code), call, worldRank, abi.ErrorClasses.GetValueOrDefault(errorClass, ErrorClass.Other));
    }

    /// <summary>Throws when the call was broken off by a death: what it waited for is as it was.</summary>
    internal void ThrowIfBrokenOff(int code, string call)
    {
        if (code == SurvivingCalls.RankFailed && BrokenOff is not null)
            throw BrokenOff(call);
    }

    [DoesNotReturn]
    internal void ThrowClosed(string call) =>
        throw new CommunicationException("the communicator or its world is closed", call, worldRank, ErrorClass.Closed);

    [DoesNotReturn]
    internal void Throw(string message, string call, ErrorClass errorClass) =>
        throw new CommunicationException(message, call, worldRank, errorClass);

    // MPICH answers with the class and a stack of lines below it, of which the last says what is wrong; a failure is told in one line.
    private string TextOf(int code)
    {
        byte* text = stackalloc byte[1024];
        int length;
        _ = mpi.ErrorString(code, text, &length);
        string all = Marshal.PtrToStringUTF8((nint)text) ?? $"error {code}";
        string[] lines = all.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2)
            return all;
        string first = lines[0].Replace(", error stack:", ""), last = lines[^1][(lines[^1].IndexOf("): ", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
        return last.StartsWith(first, StringComparison.Ordinal) ? last : $"{first}: {last}";
    }
}
