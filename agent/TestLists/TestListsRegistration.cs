namespace ProbeNet.Agent.TestLists;

static class TestListsRegistration
{
    public static IServiceCollection AddTestLists(this IServiceCollection services) => services.AddSingleton<TestListStore>().AddSingleton<TaskInbox>();
}
