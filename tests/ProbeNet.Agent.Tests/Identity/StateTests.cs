using ProbeNet.Agent.Identity;
using Xunit;

namespace ProbeNet.Agent.Tests.Identity;

public sealed class StateTests : IDisposable
{
    readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Only_the_owner_may_look_in() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(_state.Directory.Path).UnixFileMode);

    [Fact]
    public void Sealed_bytes_open_under_their_own_name_only()
    {
        var bytes = _state.Key.Seal("consent", "words"u8);
        Assert.Equal("words"u8.ToArray(), _state.Key.TryOpen("consent", bytes));
        Assert.Null(_state.Key.TryOpen("enrollment", bytes));
        bytes[^1] ^= 1;
        Assert.Null(_state.Key.TryOpen("consent", bytes));
        Assert.Null(_state.Key.TryOpen("consent", bytes.AsSpan(0, 10)));
    }

    [Fact]
    public void Without_its_key_the_state_is_noise()
    {
        _state.Enrollment.Save(new() { Cc = "KH" });
        StateKey.Destroy(_state.Directory);
        using var another = StateKey.OpenOrCreate(_state.Directory);
        var enrollment = new StateFile<Enrollment>(_state.Directory, another, "enrollment", Enrollment.Parser);
        Assert.Throws<InvalidDataException>(() => enrollment.Current);
    }

    [Fact]
    public void A_change_by_another_process_is_seen()
    {
        var other = new StateFile<Enrollment>(_state.Directory, _state.Key, "enrollment", Enrollment.Parser);
        Assert.Null(other.Current);
        _state.Enrollment.Save(new() { Cc = "KH" });
        Assert.Equal("KH", other.Current!.Cc);
    }

    [Fact]
    public void One_process_at_a_time_writes()
    {
        using var held = new StateLock(_state.Directory);
        Assert.Contains("Another agent", Assert.Throws<IOException>(() => new StateLock(_state.Directory)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NEWS", "free.example", true)]
    [InlineData("PORN", "free.example", false)]
    [InlineData("NEWS", "refused.example", false)]
    [InlineData("NEWS", "www.refused.example", false)]
    [InlineData("NEWS", "WWW.Refused.example.", false)]
    [InlineData("NEWS", "notrefused.example", true)]
    public void Consent_allows_its_categories_and_no_refused_site(string category, string host, bool isAllowed)
    {
        var consent = new Consent { Refused = { "refused.example" } };
        consent.Categories.AddRange(Consent.DefaultCategories);
        Assert.Equal(isAllowed, consent.Allows(category, host));
    }
}
