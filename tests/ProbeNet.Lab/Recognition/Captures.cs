namespace ProbeNet.Lab.Recognition;

/// <summary>The files `HOUSE.PROGRAM.pcap` of one directory, taken apart into what is to be told.</summary>
sealed record Captures(IReadOnlyList<Sample> Conversations, IReadOnlyList<Sample> Stretches)
{
    /// <summary>Seconds of a stretch.</summary>
    public const double Stretch = 20;

    // So that a talkative program does not decide what a house looks like.
    const int MostConversations = 150;

    public int Houses => Stretches.Select(one => one.House).Distinct(StringComparer.Ordinal).Count();

    public static string FileOf(string directory, string house, string program) => Path.Combine(directory, $"{house}.{program}{CaptureFile.Extension}");

    /// <exception cref="InvalidDataException">A file is no capture, or a program is missing, or a second house or a second stretch of one.</exception>
    public static Captures Read(string directory)
    {
        var (conversations, stretches) = (new List<Sample>(), new List<Sample>());
        foreach (var file in Directory.EnumerateFiles(directory, "*" + CaptureFile.Extension).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileNameWithoutExtension(file).Split('.') is not [var house, var program])
                throw new InvalidDataException($"{file} is not named HOUSE.PROGRAM{CaptureFile.Extension}");
            var all = Conversation.Read(CaptureFile.Read(file));
            var step = Math.Max(1, (all.Count + MostConversations - 1) / MostConversations);
            conversations.AddRange(all.Where((_, number) => number % step == 0).Select((one, turn) => new Sample(house, program, turn, ConversationMarks.Of(one))));
            stretches.AddRange(all.GroupBy(one => (int)(one.Begin / Stretch)).Select(window => new Sample(house, program, window.Key, WindowMarks.Of([.. window], all))));
        }
        var captures = new Captures(conversations, stretches);
        return captures.Houses > 1 && Programs.All.All(program => stretches.GroupBy(one => one.House).All(house => house.Count(one => one.Program == program) > 1)) ? captures
            : throw new InvalidDataException($"{directory} must hold captures of {string.Join(", ", Programs.All)} in each of two houses or more, longer than {Stretch} s");
    }
}
