using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Texts;

/// <summary>Shows the text, asks the two questions, and makes the consent that follows from two yeses.</summary>
sealed class ConsentDialogue(Surroundings surroundings)
{
    const int Tries = 3;

    /// <param name="language">Null asks nothing and shows English, with a word on the other.</param>
    /// <param name="accepted">The risks were accepted on the command line: the text is shown, nothing is asked.</param>
    /// <exception cref="CommandFailure">One answer was not a yes, or nobody answered.</exception>
    public Consent Hold(string? language, bool accepted)
    {
        var text = ConsentText.In(language ?? ConsentText.DefaultLanguage);
        surroundings.Output.WriteLine(text.Body);
        if (language is null)
            surroundings.Output.WriteLine("ជាភាសាខ្មែរ៖ --language km\n");
        if (!accepted && !(Ask(text, text.UnderstandQuestion) && Ask(text, text.AgreeQuestion)))
            throw new CommandFailure(text.NotJoined);
        var consent = new Consent
        {
            TextVersion = ConsentText.Version,
            Language = text.Language,
            Day = Day.Of(surroundings.Time.GetUtcNow()),
            Tasks = true,
        };
        consent.Categories.Add(Consent.DefaultCategories);
        return consent;
    }

    bool Ask(ConsentText text, string question)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            surroundings.Output.Write(question + " ");
            surroundings.Output.Flush();
            if (surroundings.Input.ReadLine() is not { } answer)
                throw new CommandFailure("nobody answered the questions: run this in a terminal, or read the text and give --accept-risks.");
            if (ConsentText.Understand(answer) is { } understood)
                return understood;
        }
        throw new CommandFailure(text.NotJoined);
    }
}
