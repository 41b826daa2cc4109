using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Hdf5;

/// <summary>Reads why the last call of this thread failed.</summary>
internal static unsafe class Hdf5ErrorStack
{
    private const int InnermostFirst = 0;   // H5E_WALK_UPWARD
    private const int Longest = 256;

    private struct Innermost
    {
        public long Minor;
        public fixed byte Description[Longest];
        public int Length;
    }

    /// <summary>The root cause: what the innermost function says, which is where the operating system's text is. One line.</summary>
    internal static string RootCause(Hdf5Functions h5)
    {
        Innermost innermost = default;
        long stack = h5.H5Eget_current_stack();
        _ = h5.H5Ewalk2(stack, InnermostFirst, (nint)(delegate* unmanaged<uint, ErrorEntry*, nint, int>)&Keep, (nint)(&innermost));
        byte* minor = stackalloc byte[Longest];
        nint length = innermost.Minor > 0 ? h5.H5Eget_msg(innermost.Minor, null, minor, Longest) : 0;
        _ = h5.H5Eclose_stack(stack);
        string description = Text.FromUtf8(innermost.Description, innermost.Length);
        string kind = length > 0 ? Text.FromUtf8(minor, (int)Math.Min(length, Longest - 1)) : "";
        string cause = description.Length == 0 ? kind : Shorten(description);
        return cause.Length == 0 ? "HDF5 gives no reason" : cause.ReplaceLineEndings(" ").Trim();
    }

    /// <summary>"file write failed: time = …, error message = 'No space left on device', buf = …" says two things a reader needs.</summary>
    private static string Shorten(string description)
    {
        const string marker = "error message = '";
        int at = description.IndexOf(marker, StringComparison.Ordinal), end = at < 0 ? -1 : description.IndexOf('\'', at + marker.Length);
        if (end < 0)
            return description;
        int what = description.AsSpan(0, at).IndexOfAny(':', ',');
        return $"{description[..(what < 0 ? at : what)].TrimEnd()}: {description[(at + marker.Length)..end]}";
    }

    [UnmanagedCallersOnly]
    private static int Keep(uint position, ErrorEntry* entry, nint client)
    {
        if (position != 0)
            return 0;
        Innermost* innermost = (Innermost*)client;
        innermost->Minor = entry->Minor;
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry->Description);
        innermost->Length = Math.Min(text.Length, Longest);
        text[..innermost->Length].CopyTo(new Span<byte>(innermost->Description, Longest));
        return 0;
    }
}
