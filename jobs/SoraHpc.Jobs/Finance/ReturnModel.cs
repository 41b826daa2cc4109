namespace SoraHpc.Jobs.Finance;

/// <summary>How prices follow from correlated normal numbers y, over a horizon of h years. Either way the expected price is today's.</summary>
public enum ReturnModel
{
    /// <summary>S·exp(σ√h·y − σ²h/2).</summary>
    Lognormal,

    /// <summary>S·(1 + σ√h·y): the linear model, in which the value at risk of a portfolio without options is known in closed form.</summary>
    Normal,
}
