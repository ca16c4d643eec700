using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Interference;

/// <summary>Where a false answer may lead people to.</summary>
/// <param name="Blockpage">The ISP's own page.</param>
/// <param name="Proxy">Passes everything on.</param>
sealed record Lures(AddressPair Blockpage, AddressPair Proxy);
