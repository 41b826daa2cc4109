using System.Runtime.CompilerServices;

namespace SoraHpc.Jobs.Npb.Ep;

/// <summary>What a batch of pairs came to.</summary>
internal struct EpTally
{
    /// <summary>Sums of the Gaussian numbers.</summary>
    internal double SumX, SumY;

    /// <summary>Pairs by annulus: l ≤ max(|X|, |Y|) &lt; l + 1.</summary>
    internal Annuli Counts;

    [InlineArray(Length)]
    internal struct Annuli
    {
        internal const int Length = 10;

        private long first;
    }
}
