using System.Runtime.InteropServices;
using System.Text;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Reads the key that protects checkpoints at rest: 256 bits, as 32 bytes or as 64 hexadecimal digits.</summary>
internal static partial class KeyFile
{
    private const int KeyBytes = 32;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="CheckpointException">It is missing, open to others, another user's, or not a key.</exception>
    internal static byte[] Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw new CheckpointException($"key file {path}: there is no such file; make one with: (umask 077; head -c 32 /dev/urandom > {path})");
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                throw new CheckpointException($"key file {path}: others than its owner may use it; run: chmod 600 {path}");
            if (Disk.OwnerOf(path) is uint owner && owner != EffectiveUser())
                throw new CheckpointException($"key file {path}: it belongs to user {owner}, this program runs as {EffectiveUser()}; use a key file of your own");
            return KeyFrom(File.ReadAllBytes(path)) ?? throw new CheckpointException($"key file {path}: it holds no key of {KeyBytes} bytes or {2 * KeyBytes} hexadecimal digits");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"key file {path}: cannot be read: {failure.Message}", failure);
        }
    }

    private static byte[]? KeyFrom(byte[] content)
    {
        if (content.Length == KeyBytes)
            return content;
        string text = Encoding.ASCII.GetString(content).Trim();
        return text.Length == 2 * KeyBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
