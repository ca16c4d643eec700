using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.EndToEnd.Tests.Field;
using ProbeNet.EndToEnd.Tests.Lab;
using ProbeNet.Lab.Control;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Packages;

/// <summary>
/// What deploy/package makes, as near as this machine can show it. The long form builds the packages and runs the one for
/// arm64 under emulation; the ordinary one has the programs of this build.
/// </summary>
[Collection(nameof(BuiltByDeploy))]
[SupportedOSPlatform("linux")]
public sealed class PackageTests : IDisposable
{
    const string Host = "alfa-1", Input = "https://forestdefenders.example/";

    static readonly bool Full = Environment.GetEnvironmentVariable("PROBENET_FULL") == "1";

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("probenet-package-");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string Packages => Path.Combine(Shell.Repository, "artifacts", "packages");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task The_unit_is_valid_where_the_package_puts_it()
    {
        const string units = "usr/lib/systemd/system", unit = "probenet-agent.service";
        await InstallAsync("644", Path.Combine(Shell.Repository, "deploy/systemd", unit), $"{units}/{unit}");
        await InstallAsync("755", "/bin/true", "usr/lib/probenet/probenet-agent");
        // What the unit is ordered by; systemd's own.
        foreach (var target in Directory.EnumerateFiles("/" + units, "*.target").Concat(Directory.EnumerateFiles("/" + units, "*.slice")))
            await InstallAsync("644", target, $"{units}/{Path.GetFileName(target)}");

        var verified = await Shell.Run("systemd-analyze", "verify", $"--root={_root.FullName}", unit);
        // 0 is safe, 100 exposed: an ordinary service without hardening has 96.
        var security = await Shell.Run("systemd-analyze", "security", "--offline=true", $"--root={_root.FullName}", "--threshold=15", unit);

        Assert.Equal((0, ""), verified);
        Assert.True(security.Exit == 0, security.Output);
    }

    [Fact]
    public async Task Packages_are_made_for_every_machine()
    {
        var (exit, output) = await Shell.Run(["deploy/package", .. Full ? (string[])["amd64", "arm64", "windows"] : ["--help"]]);
        Assert.True(exit == 0, output);
        Assert.All(["amd64", "arm64", "win"], machine => Assert.Contains(machine, output, StringComparison.Ordinal));
        if (!Full)
            return;
        foreach (var (architecture, machine) in new[] { ("amd64", 62), ("arm64", 183) })
        {
            var package = Newest($"*_{architecture}.deb");
            var unpacked = Path.Combine(_root.FullName, architecture);
            await RunAsync("dpkg-deb", "-x", package, unpacked);
            var program = await File.ReadAllBytesAsync(Path.Combine(unpacked, "usr/lib/probenet/probenet-agent"), Cancel);
            // elf(5): e_machine.
            Assert.Equal(machine, BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(18)));
            Assert.All(["etc/probenet/appsettings.json", "usr/lib/systemd/system/probenet-agent.service", "usr/lib/probenet/libsodium.so"], file => Assert.True(File.Exists(Path.Combine(unpacked, file)), file));
            Assert.Equal(architecture, (await RunAsync("dpkg-deb", "-f", package, "Architecture")).Trim());
        }
        // The PE format: signature, machine x86-64, magic of PE32+.
        var windows = await File.ReadAllBytesAsync(Newest("*.exe"), Cancel);
        var header = windows.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(windows.AsSpan(0x3c)));
        Assert.Equal("PE\0\0"u8, header[..4]);
        Assert.Equal((0x8664, 0x20b), (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt16LittleEndian(header[24..])));
        Assert.InRange(windows.Length, 1_000_000, 25_000_000);
    }

    [Fact]
    public async Task A_volunteer_joins_measures_and_delivers_on_every_machine()
    {
        await using var country = await InhabitedCountry.StartAsync(withDatabase: false, withBroker: false);
        await country.ServeAsync();
        await country.ReleaseListAsync(Input);
        foreach (var program in Full ? (string[])[BuiltPrograms.Agent, await EmulatedAsync()] : [BuiltPrograms.Agent])
        {
            var agent = new FieldAgent(country, $"on-{Path.GetFileName(program)}", program: program);
            Assert.Matches(@"^\d+\.\d+\.\d+", await agent.CommandAsync(Host, "--version"));
            await agent.EnrollAsync(Host, await country.InviteAsync("--cc", "KH"));
            var facts = JsonDocument.Parse((await agent.CommandAsync(Host, "measure", Input, "--json")).TrimEnd().Split('\n')[^1]).RootElement;
            Assert.Equal(200, facts.GetProperty("http").EnumerateArray().Last().GetProperty("status").GetInt32());
            var service = await agent.RunAsync(Host);
            await agent.UntilAsync("measured and delivered", status => status.Tally.Accepted > 0);
            await Eventually.TrueAsync("the session that stands is told of", async () => await ConnectionAsync(agent) == "Connected", TimeSpan.FromMinutes(2));
            Assert.Equal(0, await country.Lab.Stop(service));
        }
    }

    static async Task<string?> ConnectionAsync(FieldAgent agent) =>
        JsonDocument.Parse(await agent.CommandAsync(Host, "status", "--json")).RootElement.GetProperty("connection").GetProperty("result").GetString();

    /// <summary>The package for arm64 with the libraries that it asks for, which `tests/install --full` brings.</summary>
    async Task<string> EmulatedAsync()
    {
        await RunAsync("deploy/package", "arm64");
        await RunAsync("dpkg-deb", "-x", Newest("*_arm64.deb"), _root.FullName);
        var program = Path.Combine(_root.FullName, "arm64-agent");
        var libraries = Path.Combine(Shell.Repository, "artifacts/arm64/usr/lib/aarch64-linux-gnu");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec qemu-aarch64-static -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH='{libraries}' '{_root.FullName}/usr/lib/probenet/probenet-agent' \"$@\"\n", Cancel);
        await RunAsync("chmod", "755", program);
        return program;
    }

    static string Newest(string pattern) => Directory.EnumerateFiles(Packages, pattern).MaxBy(File.GetLastWriteTimeUtc)!;

    Task<string> InstallAsync(string mode, string from, string to) => RunAsync("install", "-D", "-m", mode, from, Path.Combine(_root.FullName, to));

    static async Task<string> RunAsync(params string[] command)
    {
        var (exit, output) = await Shell.Run(command);
        Assert.True(exit == 0, $"{string.Join(' ', command)}: {output}");
        return output;
    }
}
