using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>The Python program of <c>sora bench poisson --petsc</c>; deleted again on <see cref="Dispose"/>.</summary>
internal sealed class PetscPeer : IDisposable
{
    /// <summary>The system's own interpreter: PETSc comes from the system's packages.</summary>
    internal const string Interpreter = "/usr/bin/python3";

    private readonly DirectoryInfo folder;

    /// <exception cref="SoraException">PETSc is not installed.</exception>
    internal PetscPeer()
    {
        if (!File.Exists(Interpreter) || !Directory.Exists("/usr/lib/petscdir"))
            throw new SoraException("PETSc for Python is not installed: install python3-petsc4py, or leave --petsc out");
        folder = Directory.CreateTempSubdirectory("sora-bench-");
        using Stream text = typeof(PetscPeer).Assembly.GetManifestResourceStream("poisson_petsc.py")!, file = File.Create(Script);
        text.CopyTo(file);
    }

    /// <summary>The program's file.</summary>
    internal string Script => Path.Combine(folder.FullName, "poisson_petsc.py");

    public void Dispose() => folder.Delete(recursive: true);
}
