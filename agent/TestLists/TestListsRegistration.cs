using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.TestLists;

static class TestListsRegistration
{
    public static IServiceCollection AddTestLists(this IServiceCollection services) => services
        .AddStateFile(RefusedLists.FileName, ListRefusal.Parser)
        .AddSingleton<RefusedLists>()
        .AddSingleton<TestListStore>()
        .AddSingleton<ListTally>()
        .AddSingleton<TaskInbox>();
}
