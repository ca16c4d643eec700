using System.Buffers.Text;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>
/// Keys of the releases and root roles, in the operator's own directory: one line, base64url. A collector that is taken over
/// cannot make a list, for `serve` never reads them.
/// </summary>
static class ListKeyFile
{
    /// <summary>$XDG_CONFIG_HOME/probenet-collector/list.key, ~/.config in place of the variable.</summary>
    public static string DefaultPath(Func<string, string?> environment) => PathOf("list.key", environment);

    /// <summary>root.key beside it: signs which keys count, and is needed again only when they change.</summary>
    public static string DefaultRootPath(Func<string, string?> environment) => PathOf("root.key", environment);

    static string PathOf(string name, Func<string, string?> environment)
    {
        var config = environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(environment("HOME") ?? ".", ".config");
        return Path.Combine(config, "probenet-collector", name);
    }

    /// <exception cref="IOException">There is no such file, or it holds no key.</exception>
    public static SigningKey Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: 32 } seed)
            throw new IOException($"{path} is not a list key.");
        return SigningKey.Import(seed);
    }

    /// <param name="created">True when there was none.</param>
    /// <exception cref="IOException">The file cannot be written, or holds no key.</exception>
    public static SigningKey ReadOrCreate(string path, out bool created)
    {
        created = !File.Exists(path);
        if (!created)
            return Read(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var key = SigningKey.Create();
        PrivateFile.Write(path, Base64Url.EncodeToString(key.Export()) + "\n");
        return key;
    }
}
