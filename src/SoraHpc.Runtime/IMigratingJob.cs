namespace SoraHpc.Runtime;

/// <summary>
/// A job whose parts may go to other ranks between steps. All it keeps for a part from one step to the next is in fields made with
/// <see cref="Particle.AddField"/>, which move by themselves, as exchanges do; anything else it makes anew in <see cref="Moved"/>.
/// </summary>
/// <remarks>For parts to be moved by what they cost, the job times them with <see cref="Particle.CountPart"/>.</remarks>
public interface IMigratingJob : IJob
{
    /// <summary>The particle has other parts now: its fields have other patches, halos as they were, and its exchanges are set up anew. Collective.</summary>
    void Moved(Particle particle);
}
