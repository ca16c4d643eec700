namespace ProbeNet.Lab.Noise;

/// <summary>Something that is broken or strange, and that nobody did to hide a page.</summary>
/// <param name="At">A volunteer's host ("alfa-1"), a provider ("alfa"), or a site's name; "sites" for all of them.</param>
/// <param name="Kind">One of <see cref="LineNoise"/> or <see cref="SiteNoise"/>.</param>
sealed record NoiseRule(string At, string Kind);
