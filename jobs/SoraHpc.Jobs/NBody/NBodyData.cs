using SoraHpc.Storage;

namespace SoraHpc.Jobs.NBody;

/// <summary>Makes a file of bodies to start from.</summary>
public static class NBodyData
{
    /// <summary>Writes the bodies of a model, centred: the bits a run makes for itself. Needs 130 B a body of memory. Local.</summary>
    public static void Write(string path, PlummerModel model)
    {
        Body[] bodies = new Body[checked((int)model.Bodies)];
        model.Fill(0, bodies);
        PlummerModel.Centre(bodies, null);
        using Hdf5File file = BodyFile.Create(path, bodies.Length, time: 0);
        BodyFile.WriteShare(file, bodies);
        file.Commit();
    }
}
