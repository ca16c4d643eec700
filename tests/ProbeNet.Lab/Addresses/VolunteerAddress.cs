namespace ProbeNet.Lab.Addresses;

/// <summary>An address that must rest nowhere.</summary>
/// <param name="Host">Whose it is: "alfa-1", "reader".</param>
/// <param name="Kind">
/// home (inside the house), line (what the ISP gave the house), carrier (the private side of a CGNAT), public (what the world sees of a CGNAT),
/// resolver (whom the host asks), hop (of its own ISP), reader.
/// </param>
public sealed record VolunteerAddress(string Host, string Kind, string Address);
