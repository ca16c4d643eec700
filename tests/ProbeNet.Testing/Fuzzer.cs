using System.Diagnostics;
using System.Text;

namespace ProbeNet.Testing;

/// <summary>
/// Feeds hostile bytes to a parser: noise, and true messages that were cut, spliced and changed where formats keep lengths, pointers
/// and numbers. An input whose result no other had becomes an example itself, so that changes reach deeper (what coverage is to
/// instrumented fuzzing, the result is here). The seed is fixed. Run it alone in its process: memory is counted for the whole of it.
/// </summary>
/// <param name="examples">True messages.</param>
/// <param name="tokens">Parts that the format is made of.</param>
public sealed class Fuzzer(IReadOnlyList<byte[]> examples, params IReadOnlyList<byte[]> tokens)
{
    const int Seed = 20_251_124, MostExamples = 2_000, LongestInput = 65_535, LongestNoise = 1_500, LookAtHeap = 1_024;

    // No parser may take more processor time for one input, nor fill more memory than this, whatever the input promises. The clock
    // on the wall tells only of one that does not come back: a machine may be busy with other things.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1), Hanging = TimeSpan.FromMinutes(2);
    const long MostAllocated = 32L << 20, MostKept = 256L << 20;

    readonly List<byte[]> _examples = [.. examples];
    readonly Random _random = new(Seed);
    byte[] _input = [];
    long _begun;
    Exception? _failure;

    /// <summary>A million where PROBENET_FULL is set.</summary>
    public static int Inputs => Environment.GetEnvironmentVariable("PROBENET_FULL") is null ? 20_000 : 1_000_000;

    /// <summary>How many inputs became examples.</summary>
    public int Kept => _examples.Count - examples.Count;

    /// <param name="parse">Gives a number that tells one kind of result from another.</param>
    /// <exception cref="InvalidOperationException">An input made it throw, hang or fill the memory; the input is in the message.</exception>
    public void Run(int inputs, Func<byte[], int> parse)
    {
        // A parser that does not come back cannot be waited for on its own thread.
        var worker = new Thread(() => Feed(inputs, parse), maxStackSize: 1 << 20) { IsBackground = true, Name = "fuzzing" };
        Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _begun)) > Hanging)
                throw Failed("does not come back");
        }
        if (_failure is not null)
            throw _failure;
    }

    void Feed(int inputs, Func<byte[], int> parse)
    {
        var seen = new HashSet<int>();
        try
        {
            foreach (var example in examples)
                seen.Add(Parse(example, parse));
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            for (var count = 0; count < inputs; count++)
            {
                var input = Change();
                if (seen.Add(Parse(input, parse)) && _examples.Count < MostExamples)
                    _examples.Add(input);
                if (count % LookAtHeap == 0 && GC.GetTotalMemory(forceFullCollection: false) - heap > MostKept && GC.GetTotalMemory(forceFullCollection: true) - heap > MostKept)
                    throw Failed("is an input after which memory is kept");
            }
        }
#pragma warning disable CA1031 // Carried over to the test's thread.
        catch (Exception failure)
        {
            _failure = failure;
        }
#pragma warning restore CA1031
    }

    int Parse(byte[] input, Func<byte[], int> parse)
    {
        _input = input;
        var (processor, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
        int result;
        try
        {
            result = parse(input);
        }
        catch (Exception thrown)
        {
            throw Failed("throws", thrown);
        }
        if (GC.GetTotalAllocatedBytes() - allocated is > MostAllocated and var bytes)
            throw Failed($"fills {bytes} bytes");
        if (Environment.CpuUsage.TotalTime - processor is var spent && spent > Longest)
            throw Failed($"takes {spent}");
        return result;
    }

    InvalidOperationException Failed(string how, Exception? cause = null) => new($"{Convert.ToHexString(_input)} {how}", cause);

    byte[] Change()
    {
        if (_random.Next(16) == 0)
        {
            var noise = new byte[_random.Next(LongestNoise)];
            _random.NextBytes(noise);
            return noise;
        }
        var bytes = (byte[])Example().Clone();
        for (var times = _random.Next(1, 6); times > 0 && bytes.Length > 0; times--)
            bytes = Changed(bytes, _random.Next(bytes.Length));
        return bytes.Length > LongestInput ? bytes[..LongestInput] : bytes;
    }

    byte[] Changed(byte[] bytes, int at)
    {
        switch (_random.Next(11))
        {
            case 0:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 2:
                bytes[at] = _random.Next(2) == 0 ? (byte)0xff : (byte)0;
                return bytes;
            case 3:
                return WithLength(bytes, at);
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes[..at], .. new byte[_random.Next(64)], .. bytes[at..]];
            case 6:
                return [.. bytes[..at], .. Example()];
            case 7:
                return [.. bytes[..at], .. Enumerable.Repeat(bytes[at..], _random.Next(1, 4)).SelectMany(part => part)];
            case 8:
                var end = _random.Next(at, bytes.Length + 1);
                return [.. bytes[..at], .. bytes[end..]];
            case 9 when tokens.Count > 0:
                return [.. bytes[..at], .. tokens[_random.Next(tokens.Count)], .. bytes[at..]];
            default:
                return WithNumber(bytes, at);
        }
    }

    byte[] Example() => _examples[_random.Next(_examples.Count)];

    // Two bytes, or one, that say how much follows, to the byte and just beside it.
    byte[] WithLength(byte[] bytes, int at)
    {
        var left = bytes.Length - at;
        int[] lengths = [0, 1, left - 2, left - 1, left, left + 1, 0x7fff, 0xffff];
        var length = lengths[_random.Next(lengths.Length)];
        if (left > 1 && _random.Next(2) == 0)
            (bytes[at], bytes[at + 1]) = ((byte)(length >> 8), (byte)length);
        else
            bytes[at] = (byte)length;
        return bytes;
    }

    // The next digits, decimal or hexadecimal, say another number.
    byte[] WithNumber(byte[] bytes, int at)
    {
        var start = Array.FindIndex(bytes, at, letter => char.IsAsciiHexDigit((char)letter));
        if (start < 0)
            return bytes;
        var end = start;
        while (end < bytes.Length && char.IsAsciiHexDigit((char)bytes[end]))
            end++;
        string[] numbers = ["0", "-1", "1", "65536", "7fffffff", "2147483648", "18446744073709551616", $"{_random.Next(2_000)}"];
        return [.. bytes[..start], .. Encoding.ASCII.GetBytes(numbers[_random.Next(numbers.Length)]), .. bytes[end..]];
    }
}
