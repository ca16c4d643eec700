using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ProbeNet.Collector.Service;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Service;

public sealed class CommandLineTests : IDisposable
{
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-home-");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("serve --roles intake,kitchen")]
    [InlineData("invite create --uses 0")]
    [InlineData("invite create --expires soon")]
    [InlineData("invite create --role king")]
    [InlineData("invite create --cc K1")]
    [InlineData("matrix --cc Cambodia")]
    [InlineData("explain --cc KH --domain a.example --asn ISP1")]
    [InlineData("explain --cc KH --domain a.example --asn")]
    [InlineData("list import list.csv --name kh --cc K")]
    [InlineData("list release kh --target planet=earth")]
    [InlineData("agents revoke")]
    [InlineData("agents list --Collector:AsnTable")]
    [InlineData("agents list --Collector:AsnTable --json")]
    [InlineData("")]
    public async Task Wrong_usage_is_2_and_says_why(string line)
    {
        var (code, output, error) = await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task An_invite_stands_alone_on_the_last_line_and_opens_the_collector()
    {
        var store = await StoreAsync();
        var (code, output, _) = await RunAsync("invite", "create", "--cc", "kh", "--group", "Mekong Rights", store, "--Collector:PublicAddresses:0=https://collector.example/");
        Assert.Equal(0, code);
        Assert.True(InviteText.TryRead(output.TrimEnd().Split('\n')[^1], out var invite));
        Assert.Matches("^https://collector\\.example/[A-Za-z0-9_-]{24}$", Assert.Single(invite!.Addresses));
        Assert.Equal((16, 32, 32), (invite.Secret.Length, invite.TlsPin.Length, Assert.Single(invite.ListKeys).Length));
        var (_, listed, _) = await RunAsync("invite", "list", "--json", store);
        var row = Assert.Single(JsonDocument.Parse(listed).RootElement.EnumerateArray());
        Assert.Equal(("KH", "Mekong Rights", 0), (row.GetProperty("cc").GetString(), row.GetProperty("group").GetString(), row.GetProperty("used").GetInt32()));
        Assert.Equal(1, (await RunAsync("invite", "revoke", "00000000", store)).Code);
        Assert.Equal(0, (await RunAsync("invite", "revoke", row.GetProperty("id").GetString()!, store)).Code);
    }

    [Fact]
    public async Task A_list_is_imported_released_twice_and_its_version_rises()
    {
        var store = await StoreAsync();
        var file = Path.Combine(_home.FullName, "list.csv");
        await File.WriteAllTextAsync(file, "url,category_code\nhttps://a.example/,NEWS\n", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await RunAsync("list", "release", "kh", store)).Code);
        Assert.Equal(0, (await RunAsync("list", "import", file, "--name", "kh", store)).Code);
        Assert.Contains("version 1: 1 entries", (await RunAsync("list", "release", "kh", store)).Output, StringComparison.Ordinal);
        await File.AppendAllTextAsync(file, "https://b.example/,HUMR\n", TestContext.Current.CancellationToken);
        await RunAsync("list", "import", file, "--name", "kh", store);
        Assert.Contains("+ https://b.example/", (await RunAsync("list", "diff", "kh", store)).Output, StringComparison.Ordinal);
        Assert.Contains("version 2: 2 entries", (await RunAsync("list", "release", "kh", "--target", "cc=KH,asn=64501", store)).Output, StringComparison.Ordinal);
        var (_, status, _) = await RunAsync("list", "status", "--json", store);
        Assert.Equal([1, 2], JsonDocument.Parse(status).RootElement.EnumerateArray().Select(row => row.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task A_wrong_list_is_1_and_names_file_line_and_column()
    {
        var file = Path.Combine(_home.FullName, "list.csv");
        await File.WriteAllTextAsync(file, "url,category_code\nnowhere,NEWS\n", TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync("list", "import", file, "--name", "kh");
        Assert.Equal(1, code);
        Assert.Equal($"{file}, line 2, column 1: 'nowhere' is not an http or https URL", error.TrimEnd());
    }

    [Fact]
    public async Task A_port_in_use_is_1_and_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (code, _, error) = await RunAsync("serve", await StoreAsync(), $"--Kestrel:Endpoints:Agents:Url=https://127.0.0.1:{port}", "--Kestrel:Endpoints:Web:Url=http://127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.StartsWith("cannot listen:", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains($":{port}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Collector:PublicAddresses:0=here", "'here' is not an https:// address")]
    [InlineData("Collector:TrustedProxies:0=front", "Collector:TrustedProxies: 'front' is no IP address")]
    [InlineData("Collector:AsnTable=/nowhere/table", "Collector:AsnTable: there is no file /nowhere/table")]
    [InlineData("Collector:AsnTable=/proc/version", "Collector:AsnTable: /proc/version, line 1")]
    [InlineData("Collector:Fingerprints=/nowhere/marks.csv", "Collector:Fingerprints: there is no file /nowhere/marks.csv")]
    [InlineData("Collector:Certificate=/nowhere/pem", "Collector:Certificate: there is no file /nowhere/pem")]
    [InlineData("Collector:Publication:MinimumUnits=0", "MinimumUnits is 1 to 1000")]
    [InlineData("Collector:Publication:Delay=soon", "Collector:Publication:Delay is 'soon': a time is written as hh:mm:ss")]
    [InlineData("Collector:Analysis:Sustained=-1", "Sustained >= 0")]
    [InlineData("ConnectionStrings:Queue=http://secret@broker", "write it as amqp://")]
    public async Task A_wrong_setting_is_1_and_one_line_that_names_it(string setting, string said)
    {
        string[] free = ["--Kestrel:Endpoints:Agents:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Web:Url=http://127.0.0.1:0"];
        var (code, _, error) = await RunAsync(["serve", await StoreAsync(), "--" + setting, .. free]);
        Assert.Equal(1, code);
        Assert.Contains(said, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_may_stand_apart_from_its_value()
    {
        var store = (await StoreAsync())["--ConnectionStrings:Store=".Length..];
        var (code, output, error) = await RunAsync("--ConnectionStrings:Store", store, "agents", "list", "--json");
        Assert.Equal((0, "[]", ""), (code, output.Trim(), error));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_1_and_one_line()
    {
        var (code, _, error) = await RunAsync("agents", "list", $"--ConnectionStrings:Store=Host=127.0.0.1;Port={FreePort.Next()};Username=nobody");
        Assert.Equal(1, code);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    static async Task<string> StoreAsync() => "--ConnectionStrings:Store=" + await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync();

    async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, TimeProvider.System, name => name == "HOME" ? _home.FullName : null);
        var code = await CollectorCommandLine.RunAsync(["--Collector:StateDirectory=" + _home.FullName, .. args], surroundings, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
