namespace SoraHpc.Communication.Faults;

/// <summary>What can be made to go wrong on one rank.</summary>
public enum FaultKind
{
    /// <summary>The rank's thread ends, as a process that is killed: what it holds is gone, and it says nothing.</summary>
    Death,
    /// <summary>The rank stands still for a while.</summary>
    Delay,
    /// <summary>The rank's next message does not arrive, and its sender is not told.</summary>
    Loss,
    /// <summary>One bit of the rank's next message arrives wrong. A message without bytes is lost instead.</summary>
    Corruption,
}
