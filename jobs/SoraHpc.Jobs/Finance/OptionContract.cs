namespace SoraHpc.Jobs.Finance;

/// <summary>A position in one European option.</summary>
/// <param name="Factor">The factor it is on, from 0.</param>
/// <param name="IsCall">A right to buy; else to sell.</param>
/// <param name="Strike">Price agreed [money a unit], > 0.</param>
/// <param name="Expiry">Time left [years of 252 trading days], > 0.</param>
/// <param name="Volatility">Volatility it is priced with [1/√year], > 0.</param>
/// <param name="Quantity">Units, negative for written.</param>
public readonly record struct OptionContract(int Factor, bool IsCall, double Strike, double Expiry, double Volatility, double Quantity);
