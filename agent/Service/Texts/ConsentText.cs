namespace ProbeNet.Agent.Service.Texts;

/// <summary>What a volunteer reads before anything is measured, and the two questions that follow.</summary>
sealed record ConsentText(string Language, string Body, string UnderstandQuestion, string AgreeQuestion, string NotJoined)
{
    /// <summary>Rises when the meaning changes; the agent then asks again.</summary>
    public const string Version = "1";

    public const string DefaultLanguage = "en";

    public static IReadOnlyList<string> Languages { get; } = ["en", "km"];

    static readonly string[] Affirmatives = ["y", "yes", "បាទ", "ចាស", "ចា៎ះ", "យល់ព្រម"];
    static readonly string[] Negatives = ["n", "no", "ទេ", "អត់ទេ"];

    /// <exception cref="ArgumentOutOfRangeException">There is no text in that language.</exception>
    public static ConsentText In(string language) => language switch
    {
        "en" => new(
            language,
            Read("consent.en.txt"),
            "Do you understand that your provider, and whoever reads its records, can see that this computer opens these pages? [yes/no]",
            "Do you agree that this computer measures them from now on? [yes/no]",
            "nothing was joined and nothing is measured: both questions need a yes."),
        "km" => new(
            language,
            Read("consent.km.txt"),
            "តើអ្នកយល់ថាក្រុមហ៊ុនអ៊ីនធឺណិតរបស់អ្នក និងអ្នកដែលអានកំណត់ត្រារបស់ខ្លួន អាចមើលឃើញថាកុំព្យូទ័រនេះបើកទំព័រទាំងនេះទេ? [បាទ/ចាស/ទេ]",
            "តើអ្នកយល់ព្រមឱ្យកុំព្យូទ័រនេះវាស់វែងទំព័រទាំងនេះចាប់ពីពេលនេះទេ? [បាទ/ចាស/ទេ]",
            "មិនបានចូលរួម ហើយមិនមានអ្វីត្រូវវាស់វែងទេ៖ សំណួរទាំងពីរត្រូវការចម្លើយយល់ព្រម។"),
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "en or km"),
    };

    /// <returns>Null when the answer is neither yes nor no.</returns>
    public static bool? Understand(string answer)
    {
        var word = answer.Trim();
        return Affirmatives.Contains(word, StringComparer.OrdinalIgnoreCase) ? true
            : Negatives.Contains(word, StringComparer.OrdinalIgnoreCase) ? false
            : null;
    }

    static string Read(string name)
    {
        using var stream = typeof(ConsentText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
